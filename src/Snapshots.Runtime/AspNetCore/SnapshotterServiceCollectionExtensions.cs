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
    /// Adds a snapshotter as a singleton, and the services for serving it. For all gRPC services of the app, it sets the
    /// maximum message size to containerd's (16 MiB in each direction by default) and turns compression off. Serve the
    /// snapshotter with <c>MapSnapshotter</c>.
    /// </summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>. Its constructor may take services.</typeparam>
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

    /// <summary>
    /// Adds a snapshotter that <paramref name="create"/> makes as a singleton, and the services for serving it. It sets the
    /// same options for all gRPC services of the app as <see cref="AddSnapshotter{T}(IServiceCollection)"/>.
    /// </summary>
    /// <typeparam name="T">A class marked <see cref="SnapshotterAttribute"/>.</typeparam>
    /// <param name="services">The app's services.</param>
    /// <param name="create">Creates the snapshotter.</param>
    /// <exception cref="InvalidOperationException">The class is registered already.</exception>
    public static IServiceCollection AddSnapshotter<T>(this IServiceCollection services, Func<IServiceProvider, T> create)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(create);
        if (services.Any(service => service.ServiceType == typeof(T)))
            throw new InvalidOperationException($"{typeof(T).Name} is registered already: add each class once.");

        services.AddSingleton(create);
        services.AddCallServices();
        return services;
    }

    /// <summary>Accepts a class that is not a valid snapshotter; the analyzers report why.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IServiceCollection AddSnapshotter<T>(this IServiceCollection services, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <inheritdoc cref="AddSnapshotter{T}(IServiceCollection, NotASnapshotter[])"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IServiceCollection AddSnapshotter<T>(
        this IServiceCollection services, Func<IServiceProvider, T> create, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();
}
