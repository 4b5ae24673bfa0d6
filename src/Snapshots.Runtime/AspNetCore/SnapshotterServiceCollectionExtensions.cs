using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Containerd.Snapshots;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.AspNetCore;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds snapshotters to an ASP.NET Core app.</summary>
public static class SnapshotterServiceCollectionExtensions
{
    /// <summary>
    /// Adds a snapshotter, as a singleton, and what it takes to serve it. gRPC's message sizes become containerd's
    /// (16 MiB both ways) and compression is off, for all gRPC services of the app. Serve it with <c>MapSnapshotter</c>.
    /// </summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>; its constructor's arguments are services.</typeparam>
    /// <param name="services">The app's services.</param>
    public static IServiceCollection AddSnapshotter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(
        this IServiceCollection services)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<T>();
        services.AddCallServices();
        return services;
    }

    /// <inheritdoc cref="AddSnapshotter{T}(IServiceCollection)"/>
    /// <param name="services">The app's services.</param>
    /// <param name="create">Makes the snapshotter.</param>
    /// <exception cref="InvalidOperationException">The class was added already.</exception>
    public static IServiceCollection AddSnapshotter<T>(this IServiceCollection services, Func<IServiceProvider, T> create)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        if (services.Any(service => service.ServiceType == typeof(T)))
            throw new InvalidOperationException($"The app knows {typeof(T).Name} already: a class is added once.");

        services.AddSingleton(create);
        services.AddCallServices();
        return services;
    }

    /// <summary>Takes a class that is not a snapshotter; the analyzers say what is wrong with it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IServiceCollection AddSnapshotter<T>(this IServiceCollection services, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <inheritdoc cref="AddSnapshotter{T}(IServiceCollection, NotASnapshotter[])"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IServiceCollection AddSnapshotter<T>(
        this IServiceCollection services, Func<IServiceProvider, T> create, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();
}
