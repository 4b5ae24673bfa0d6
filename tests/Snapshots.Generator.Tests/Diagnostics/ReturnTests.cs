namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>What is wrong with what a method returns.</summary>
internal sealed class ReturnTests
{
    [TestCase("void", "Stat")]
    [TestCase("int", "Stat")]
    [TestCase("string", "Stat")]
    [TestCase("object", "Stat")]
    [TestCase("dynamic", "Stat")]
    [TestCase("Task", "StatAsync")]
    [TestCase("Task<int>", "StatAsync")]
    [TestCase("Task<dynamic>", "StatAsync")]
    [TestCase("Task<Task<SnapshotInfo>>", "StatAsync")]
    [TestCase("ValueTask<SnapshotUsage>", "StatAsync")]
    [TestCase("SnapshotResult", "Stat")]
    [TestCase("SnapshotResult<Task<SnapshotInfo>>", "Stat")]
    [TestCase("SnapshotResult<SnapshotResult<SnapshotInfo>>", "Stat")]
    [TestCase("SubclassOfTask", "Stat")]
    [TestCase("Converts", "Stat")]
    [TestCase("SnapshotInfo[]", "Stat")]
    [TestCase("(SnapshotInfo, int)", "Stat")]
    [TestCase("Both", "Stat")]
    [TestCase("SnapshotInfo", "Usage")]
    [TestCase("string", "Mounts")]
    [TestCase("IEnumerable<string>", "Mounts")]
    [TestCase("IEnumerable<dynamic>", "Mounts")]
    [TestCase("IAsyncEnumerable<Mount>", "Mounts")]
    [TestCase("Span<Mount>", "Mounts")]
    [TestCase("MountsOnTheStack", "Mounts")]
    [TestCase("ImmutableArray<Mount>?", "Mounts")]
    [TestCase("Task<IAsyncEnumerable<SnapshotInfo>>", "Walk")]
    [TestCase("ValueTask<IAsyncEnumerable<SnapshotInfo>>", "Walk")]
    [TestCase("IEnumerator<SnapshotInfo>", "Walk")]
    [TestCase("IEnumerable<string>", "Walk")]
    [TestCase("SnapshotInfo", "Walk")]
    [TestCase("InfosOnTheStack", "Walk")]
    [TestCase("bool", "Remove")]
    [TestCase("Task<bool>", "Remove")]
    [TestCase("ValueTask<int>", "Remove")]
    [TestCase("SubclassOfTask", "Remove")]
    [TestCase("SnapshotResult<int>", "Remove")]
    [TestCase("SnapshotResult?", "Remove")]
    [TestCase("IAsyncEnumerable<int>", "Cleanup")]
    public void Of_the_wrong_type(string type, string method) => Flaws.AssertAre(Returning(type, method), "SNAP0032");

    [TestCase("Both")]
    [TestCase("SnapshotResult<Both>")]
    public void Enumerable_in_two_ways(string type) => Flaws.AssertAre(Returning(type, "Walk"), "SNAP0033");

    // Only a sequence can be in a task: there is one way to read it.
    [Test]
    public void Enumerable_in_two_ways_in_a_task_is_one() => Flaws.AssertNone(WithTypes("public Task<Both> Walk() => throw new NotImplementedException();"));

    [TestCase("[|ref|] SnapshotInfo")]
    [TestCase("[|ref|] readonly SnapshotInfo")]
    [TestCase("[|ref|] int")]
    public void By_reference(string type) =>
        Flaws.AssertAre(WithTypes($"public {type} Stat(string key) => throw new NotImplementedException();"), "SNAP0030");

    [TestCase("StatAsync")]
    [TestCase("Remove")]
    [TestCase("Walk")]
    public void Async_void(string method) =>
        Flaws.AssertAre(WithTypes($"public async [|void|] {method}({KeyOf(method)}) => await Task.Yield();"), "SNAP0031");

    [Test]
    public void Async_void_in_two_parts() => Flaws.AssertAre(
        WithTypes("public partial [|void|] Remove(string key); public async partial void Remove(string key) => await Task.Yield();"), "SNAP0031");

    [Test]
    public void A_type_parameter_that_may_be_a_ref_struct() => Flaws.AssertAreWithoutHost("""
        [Snapshotter]
        internal partial class Example<T>
            where T : IEnumerable<Mount>, allows ref struct
        {
            public [|T|] Mounts(string key) => throw new NotImplementedException();
        }
        """, "SNAP0032");

    [TestCase("T : U where U : IEnumerable<Mount>")]
    [TestCase("T : List<Mount> where U : new()")]
    [TestCase("T : IDisposable, IEnumerable<Mount> where U : new()")]
    public void A_type_parameter_that_is_mounts_is_ordinary(string constraints) => Flaws.AssertNone($$"""
        [Snapshotter]
        internal partial class Generic<T, U>
            where {{constraints}}
        {
            public T Mounts(string key) => throw new NotImplementedException();
        }

        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
        }
        """);

    [Test]
    public void Constraints_in_a_circle_are_reported_only_by_the_compiler()
    {
        var run = new Compiling.Project("""
            [Snapshotter]
            internal partial class Example<T, U>
                where T : U
                where U : T
            {
                public T Mounts(string key) => throw new NotImplementedException();
                public void Remove(string key) { }
            }
            """).Generate();

        Assert.That(run.All.Select(each => each.Id), Does.Contain("CS0454"));
    }

    [TestCase("Unknown")]
    [TestCase("Task<Unknown>")]
    [TestCase("Unknown[]")]
    public void A_type_that_is_unknown_is_reported_only_by_the_compiler(string type) =>
        Flaws.AssertNone(WithTypes($"public {type} Stat(string key) => throw new NotImplementedException();"), "CS0246");

    private static string Returning(string type, string method) =>
        WithTypes($"public [|{type}|] {method}({KeyOf(method)}) => throw new NotImplementedException();");

    private static string KeyOf(string method) => method is "Walk" or "Cleanup" ? "" : "string key";

    private static string WithTypes(string method) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            {{method}}
        }

        internal class SubclassOfTask : Task<SnapshotInfo>
        {
            public SubclassOfTask()
                : base(() => throw new NotImplementedException())
            {
            }
        }

        internal struct Converts
        {
            public static implicit operator SnapshotInfo(Converts converts) => throw new NotImplementedException();
        }

        internal abstract class Both : IEnumerable<SnapshotInfo>, IAsyncEnumerable<SnapshotInfo>
        {
            public abstract IEnumerator<SnapshotInfo> GetEnumerator();
            public abstract IAsyncEnumerator<SnapshotInfo> GetAsyncEnumerator(CancellationToken cancellationToken);
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }

        internal ref struct MountsOnTheStack : IEnumerable<Mount>
        {
            public IEnumerator<Mount> GetEnumerator() => throw new NotImplementedException();
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }

        internal ref struct InfosOnTheStack : IEnumerable<SnapshotInfo>
        {
            public IEnumerator<SnapshotInfo> GetEnumerator() => throw new NotImplementedException();
            System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
        }
        """;
}
