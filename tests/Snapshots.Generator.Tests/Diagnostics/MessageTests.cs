using Containerd.Snapshots.Tests.Generator.Approval;
using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>The complete messages: what is wrong, and what to write.</summary>
internal sealed class MessageTests
{
    [Test]
    public void Messages()
    {
        var run = new Project(Source.Replace("LONG", $"\"{new string('x', 4096)}\"")) { Name = "Example" }.Generate();
        var old = new Project("[Snapshotter] internal partial class Old { public void Remove(string key) { } }")
        {
            Language = Microsoft.CodeAnalysis.CSharp.LanguageVersion.CSharp10,
        }.Generate();

        var messages = run.OfAnalyzers.Concat(old.OfAnalyzers).Select(each => $"{each.Id}: {each.GetMessage(null)}\n");

        Approved.AssertMatches(string.Concat(messages.Order(StringComparer.Ordinal)), "txt");
    }

    [Test]
    public void Each_rule_has_a_message_here()
    {
        var approved = File.ReadAllText(Path.Combine(Folder(), "MessageTests.Messages.verified.txt"));

        var rules = Run.Analyzers.SelectMany(each => each.SupportedDiagnostics).Select(each => each.Id);

        Assert.That(rules.Where(rule => !approved.Contains($"{rule}: ", StringComparison.Ordinal)), Is.Empty);
    }

    private static string Folder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private const string Source = """
        [Snapshotter]
        internal static partial class IsStatic
        {
        }

        [Snapshotter]
        internal abstract partial class IsAbstract
        {
        }

        [Snapshotter]
        file partial class IsFileLocal
        {
        }

        file partial class FileLocalOuter
        {
            [Snapshotter]
            internal partial class Inner
            {
            }
        }

        [Snapshotter]
        internal partial class IsConditional
        {
            [System.Diagnostics.Conditional("DEBUG")]
            public void Cleanup() { }
        }

        [Snapshotter]
        internal class NotPartial<T>
        {
        }

        internal record Outer
        {
            [Snapshotter]
            internal partial class Inner
            {
            }
        }

        [Snapshotter]
        internal partial class Empty
        {
        }

        [Snapshotter]
        internal partial class Modifiers
        {
            internal void RemoveAsync(string key) { }
            public static void Commit(string name, string key) { }
            public SnapshotUsage? Usage<T>(string key) => null;
            public SnapshotInfo? Stat(string key) => null;
            public SnapshotInfo? StatAsync(string key) => null;
            public void Cleanup() { }
            public void Cleanup(CancellationToken cancellationToken) { }
        }

        [Snapshotter]
        internal partial class Parameters
        {
            public SnapshotInfo? Stat(ref string key) => null;
            public SnapshotInfo? Update(SnapshotInfo snapshotInfo, string[] fieldPaths) => null;
            public SnapshotUsage? Usage(ref readonly string key) => null;
            public void Remove(string Key) { }
            public void Commit(string path, IDictionary<string, string> labels, string Parent) { }
            public void CleanupAsync(SnapshotContext first, SnapshotContext second) { }
            public SnapshotInfo[] Walk(SnapshotFilter filter, IReadOnlyList<string> filters) => Array.Empty<SnapshotInfo>();
            public Mount Mounts(params string[] keys) => Mount.Bind("/");
            public Mount View(string id) => Mount.Bind("/");
        }

        [Snapshotter]
        internal partial class Overloads
        {
            public void Remove(string key) { }
            public void Remove(object? key) { }
            public void Remove(ref int key) { }
            public void Remove<TKey>(TKey key) { }
        }

        [Snapshotter]
        internal partial class MoreParameters
        {
            public SnapshotInfo? Stat(in string key) => null;
            public SnapshotInfo? Update(IReadOnlyList<string> Info) => null;
            public SnapshotUsage? Usage(out string key) => throw new NotImplementedException();
            public void Remove(string key, __arglist) { }
        }

        [Snapshotter]
        internal partial class Returns
        {
            public ref SnapshotInfo Stat(string key) => throw new NotImplementedException();
            public ref readonly SnapshotInfo Update() => throw new NotImplementedException();
            public async void Remove(string key) => await Task.Yield();
            public async void Walk() => await Task.Yield();
            public int Usage(string key) => 1;
            public string Mounts(string key) => key;
            public Task<IList<string>> View(string key) => throw new NotImplementedException();
            public bool CommitAsync(string name, string key) => true;
        }

        [Snapshotter]
        internal partial class Walks
        {
            public Task<IAsyncEnumerable<SnapshotInfo>> Walk() => throw new NotImplementedException();
        }

        internal abstract class Both : IEnumerable<SnapshotInfo>, IAsyncEnumerable<SnapshotInfo>
        {
            public abstract IEnumerator<SnapshotInfo> GetEnumerator();
            public abstract IAsyncEnumerator<SnapshotInfo> GetAsyncEnumerator(CancellationToken cancellationToken);
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }

        [Snapshotter]
        internal partial class AmbiguousWalk
        {
            public Both Walk() => throw new NotImplementedException();
        }

        internal class Base
        {
            public void Remove(int key) { }
        }

        [Snapshotter]
        internal partial class Derived : Base
        {
        }

        [Snapshotter]
        internal partial class Slips
        {
            public Mount Prepare(string key) => Mount.Bind("/");
            public Task DeleteAsync(string key) => Task.CompletedTask;
            public IEnumerable<SnapshotInfo> List() => Array.Empty<SnapshotInfo>();
        }

        [Snapshotter]
        internal partial class Bodies
        {
            private readonly Dictionary<string, string> _labels = new() { ["key"] = LONG };

            public SnapshotInfo? Stat(string key) => throw new KeyNotFoundException(key);
            public Mount? Mounts(string key) => throw new InvalidOperationException(key);
            public Mount Prepare(string key) => Mount.ReadOnlyBind(key);
            public void Commit(string name, string key) => Thread.Sleep(1);
            public async Task RemoveAsync(string key, CancellationToken cancellationToken) => await Task.Yield();
            public Task Cleanup() => Task.Delay(1);
            public SnapshotUsage? Usage(string key) { Task.Delay(1); return null; }
            public IEnumerable<SnapshotInfo> Walk() => Task.Run(Array.Empty<SnapshotInfo>).Result;
        }

        [Snapshotter]
        internal partial class Results
        {
            private readonly SemaphoreSlim _gate = new(1);
            private readonly IReadOnlyList<Mount> _mounts = [];

            public SnapshotResult<IReadOnlyList<Mount>> Mounts(string key) => _mounts;
            public void Remove(string key) => SnapshotResult.NotFound(key);
            public SnapshotResult<SnapshotInfo> Stat(string key) { Checked(key); return SnapshotResult.NotFound(key); }
            public IEnumerable<SnapshotInfo> Walk() { Checked(""); yield break; }
            public async Task Commit(string name, string key, CancellationToken token) { await StoreAsync(name).WaitAsync(token); _gate.Wait(token); }
            [System.Runtime.Versioning.RequiresPreviewFeatures]
            public SnapshotUsage? Usage(string key) => null;
            [System.Diagnostics.CodeAnalysis.RequiresUnreferencedCode("")]
            public void Cleanup() => new List<string>().ForEach(async each => await StoreAsync(each));
            private static SnapshotResult Checked(string key) => SnapshotResult.NotFound(key);
            private static Task StoreAsync(string key) => Task.Delay(key.Length);
        }

        internal sealed class Part : IAsyncDisposable
        {
            public void Remove(string key) { }
            public Task CommitAsync(string name, string key) => Task.CompletedTask;
            public ValueTask Commit(string key, string name) => default;
            public void View(int key) { }
            public ValueTask DisposeAsync() => default;
        }

        [Snapshotter]
        internal partial class TwoFallbacks
        {
            [SnapshotterFallback] private readonly Base _one = new();
            [SnapshotterFallback] public Base Other => _one;
        }

        [Snapshotter]
        internal partial class StaticFallback
        {
            [SnapshotterFallback] private static readonly Part Static = new();
        }

        [Snapshotter]
        internal partial class UnreachableFallback
        {
            [SnapshotterFallback] public Part WriteOnly { set { } }
        }

        [Snapshotter]
        internal partial class FallbackWithoutCalls
        {
            [SnapshotterFallback] private readonly Dictionary<string, int> _numbers = new();
        }

        [Snapshotter]
        internal partial class AmbiguousFallback
        {
            [SnapshotterFallback] private readonly Part _part = new();
        }

        [Snapshotter]
        internal partial class Fallbacks
        {
            [SnapshotterFallback] private readonly Part _part = new();
            public void Commit(string name, string key) { }
        }

        internal interface IRemover
        {
            void Remove(string key);
        }

        [Snapshotter]
        internal partial class Members : IRemover
        {
            public IReadOnlyList<Mount> Mounts => Array.Empty<Mount>();
            void IRemover.Remove(string key) { }
            public bool Stat(string key, out SnapshotInfo info) => throw new NotImplementedException();
            public Exception? Walk(Action<SnapshotInfo> callback) => null;
            public void Commit() { }
            public Task<Mount?> View(string key) => throw new NotImplementedException();
            public SnapshotUsage? Usage(UsageRequest request) => null;
        }

        internal sealed class UsageRequest
        {
        }

        internal class ByHand : ISnapshotter<ByHand>
        {
            public static Containerd.Snapshots.CompilerServices.SnapshotterService CreateService(ByHand snapshotter) => throw new NotImplementedException();
            [SnapshotterFallback] private readonly Part _part = new();
        }

        internal static class Hosts
        {
            public static void Add<T>(IServiceCollection services)
                where T : class
            {
                services.AddSnapshotter(_ => Task.FromResult(new Members()));
                services.AddSnapshotter<object>();
                services.AddSnapshotter<Base>();
                services.AddSnapshotter<T>();
            }
        }
        """;
}
