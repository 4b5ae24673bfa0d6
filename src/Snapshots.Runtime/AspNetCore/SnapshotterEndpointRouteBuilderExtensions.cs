using System.ComponentModel;
using Containerd.Snapshots;
using Containerd.Snapshots.CompilerServices;
using Containerd.Snapshots.Runtime.AspNetCore;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves snapshotters in an ASP.NET Core app.</summary>
public static class SnapshotterEndpointRouteBuilderExtensions
{
    /// <summary>Serves a single snapshotter, which answers to every name in containerd's configuration.</summary>
    /// <typeparam name="T">A class registered with <c>AddSnapshotter</c>.</typeparam>
    /// <param name="endpoints">The app.</param>
    /// <exception cref="InvalidOperationException">The class is not registered, or another snapshotter is mapped already.</exception>
    public static IEndpointConventionBuilder MapSnapshotter<T>(this IEndpointRouteBuilder endpoints)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return SnapshotterMapping.Map(endpoints, null, T.CreateService(Find<T>(endpoints)));
    }

    /// <summary>Serves one of several snapshotters, each under its own name.</summary>
    /// <typeparam name="T">A class registered with <c>AddSnapshotter</c>.</typeparam>
    /// <param name="endpoints">The app.</param>
    /// <param name="name">The name in containerd's configuration, not empty: <c>[proxy_plugins.NAME]</c>.</param>
    /// <exception cref="InvalidOperationException">
    /// The class is not registered, the name is in use, or a snapshotter without a name is mapped already.
    /// </exception>
    public static IEndpointConventionBuilder MapSnapshotter<T>(this IEndpointRouteBuilder endpoints, string name)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return SnapshotterMapping.Map(endpoints, name, T.CreateService(Find<T>(endpoints)));
    }

    /// <summary>Accepts a class that is not a valid snapshotter; the analyzers report why.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEndpointConventionBuilder MapSnapshotter<T>(this IEndpointRouteBuilder endpoints, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <inheritdoc cref="MapSnapshotter{T}(IEndpointRouteBuilder, NotASnapshotter[])"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEndpointConventionBuilder MapSnapshotter<T>(this IEndpointRouteBuilder endpoints, string name, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    private static T Find<T>(IEndpointRouteBuilder endpoints)
        where T : class => endpoints.ServiceProvider.GetService<T>()
            ?? throw new InvalidOperationException($"{typeof(T).Name} is not registered: call builder.Services.AddSnapshotter<{typeof(T).Name}>() first.");
}
