using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Containerd.Snapshots.Hosting.Server;

/// <summary>
/// Options with a fixed value. The default services for options combine several sources and reload them: that takes a dozen
/// generic types for each kind of options, which a native program creates at each start.
/// </summary>
internal sealed class FixedOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(T value) : IOptions<T>, IOptionsMonitor<T>
    where T : class
{
    public T Value => value;

    public T CurrentValue => value;

    public T Get(string? name) => value;

    public IDisposable? OnChange(Action<T, string?> listener) => null;
}

/// <summary>Registers fixed options as services.</summary>
internal static class FixedOptionsServices
{
    public static void AddFixedOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(this IServiceCollection services, T value)
        where T : class
    {
        var options = new FixedOptions<T>(value);
        services.AddSingleton<IOptions<T>>(options);
        services.AddSingleton<IOptionsMonitor<T>>(options);
    }
}
