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
    /// <summary>Serves a snapshotter alone, whatever name containerd's configuration gives it.</summary>
    /// <typeparam name="T">A class that <c>AddSnapshotter</c> was called for.</typeparam>
    /// <param name="endpoints">The app.</param>
    /// <exception cref="InvalidOperationException">Another snapshotter is mapped already.</exception>
    public static IEndpointConventionBuilder MapSnapshotter<T>(this IEndpointRouteBuilder endpoints)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        return SnapshotterMapping.Map(endpoints, null, T.CreateService(Find<T>(endpoints)));
    }

    /// <summary>Serves a snapshotter beside others, each with a name of its own.</summary>
    /// <typeparam name="T">A class that <c>AddSnapshotter</c> was called for.</typeparam>
    /// <param name="endpoints">The app.</param>
    /// <param name="name">Its name in containerd's configuration: <c>[proxy_plugins.NAME]</c>.</param>
    /// <exception cref="InvalidOperationException">The name is taken, or one without a name is mapped already.</exception>
    public static IEndpointConventionBuilder MapSnapshotter<T>(this IEndpointRouteBuilder endpoints, string name)
        where T : class, ISnapshotter<T>
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return SnapshotterMapping.Map(endpoints, name, T.CreateService(Find<T>(endpoints)));
    }

    /// <summary>Takes a class that is not a snapshotter; the analyzers say what is wrong with it.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEndpointConventionBuilder MapSnapshotter<T>(this IEndpointRouteBuilder endpoints, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    /// <inheritdoc cref="MapSnapshotter{T}(IEndpointRouteBuilder, NotASnapshotter[])"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static IEndpointConventionBuilder MapSnapshotter<T>(this IEndpointRouteBuilder endpoints, string name, params NotASnapshotter[] _)
        where T : class => throw NotASnapshotter.Hosted<T>();

    private static T Find<T>(IEndpointRouteBuilder endpoints)
        where T : class => endpoints.ServiceProvider.GetService<T>()
            ?? throw new InvalidOperationException($"The app does not know {typeof(T).Name}: call builder.Services.AddSnapshotter<{typeof(T).Name}>() first.");
}
