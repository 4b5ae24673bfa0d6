using System.Net.Sockets;
using System.Reflection;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Client;
using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Calls;

/// <summary>A user's program: compiled with the generator, loaded, and run in this process on a socket of its own.</summary>
internal sealed partial class CalledProgram : IAsyncDisposable
{
    /// <summary>The programs have no documentation, and some not all calls that containerd needs, no keys, or no answer.</summary>
    private const string EditorConfig = """
        dotnet_diagnostic.CS1591.severity = none
        dotnet_diagnostic.SNAP0029.severity = none
        dotnet_diagnostic.SNAP0034.severity = none
        dotnet_diagnostic.SNAP0041.severity = none
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("snap-");
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<int> _run;

    private CalledProgram(Assembly assembly, Func<Assembly, string, CancellationToken, Task<int>> run)
    {
        SocketPath = Path.Combine(_folder.FullName, "test.sock");
        Client = new SnapshotsClient(SocketPath);
        Assembly = assembly;
        _run = run(assembly, SocketPath, _stopping.Token);
    }

    public Assembly Assembly { get; }

    public SnapshotsClient Client { get; }

    public Wire.Snapshots.SnapshotsClient Calls => Client.Calls;

    private string SocketPath { get; }

    /// <summary>Compiles snapshotters, and hosts each under the name of its class.</summary>
    public static Task<CalledProgram> StartAllAsync(string source) => StartAsync($$"""
        {{source}}

        public static class Program
        {
            public static Task<int> RunAsync(string[] args, CancellationToken cancellationToken) => SnapshotterHost.CreateBuilder(args)
                {{string.Concat(Marked().Matches(source).Select(match => $".AddSnapshotter(\"{match.Groups[1]}\", _ => new {match.Groups[1]}())\n"))}}
                .RunAsync(cancellationToken);
        }
        """);

    /// <summary>Compiles a program that has a method <c>Program.RunAsync</c>, and runs it until it listens.</summary>
    public static async Task<CalledProgram> StartAsync(string source)
    {
        var run = new Project(source) { Name = $"Called{Guid.NewGuid():N}", EditorConfig = EditorConfig }.Generate();
        Assert.That(run.All, Is.Empty);

        var program = new CalledProgram(run.Load(), Run);
        await Eventually.TrueAsync(() => Listens(program.SocketPath) || program._run.IsCompleted, "the program listens");
        return program;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Eventually.Within(_run);
        Client.Dispose();
        _stopping.Dispose();
        _folder.Delete(recursive: true);
    }

    private static Task<int> Run(Assembly assembly, string socketPath, CancellationToken cancellationToken) =>
        (Task<int>)assembly.GetType("Program", throwOnError: true)!.GetMethod("RunAsync")!
            .Invoke(null, [new[] { socketPath, "--log-level", "None" }, cancellationToken])!;

    private static bool Listens(string socketPath)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(socketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\[Snapshotter\]\s+internal sealed partial class (\w+)")]
    private static partial Regex Marked();
}
