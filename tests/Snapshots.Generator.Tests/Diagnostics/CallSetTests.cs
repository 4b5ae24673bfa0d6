using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Whether containerd can work with the calls of a class.</summary>
internal sealed class CallSetTests
{
    private const string Prepare = "public Mount Prepare(string key) => throw new NotImplementedException();";
    private const string Mounts = "public Mount Mounts(string key) => throw new NotImplementedException();";
    private const string Stat = "public SnapshotInfo? Stat(string key) => null;";
    private const string Commit = "public void Commit(string name, string key) { }";
    private const string Remove = "public void Remove(string key) { }";
    private const string Walk = "public SnapshotInfo[] Walk() => Array.Empty<SnapshotInfo>();";

    private static readonly string[] Enough = [Prepare, Mounts, Stat, Commit, Remove, Walk];

    [TestCase(Mounts, "'Example' has Prepare but no Mounts: in containerd, no container can be started (Mounts); write Mounts")]
    [TestCase(Stat, "'Example' has Prepare but no Stat: in containerd, no image can be unpacked (Stat); write Stat")]
    [TestCase(Commit, "'Example' has Prepare but no Commit: in containerd, no layer can be finished (Commit); write Commit")]
    [TestCase(Remove, "'Example' has Prepare but no Remove: in containerd, garbage collection fails (Remove); write Remove")]
    [TestCase(Walk, "'Example' has Prepare but no Walk: in containerd, garbage collection fails and the disk fills up (Walk); write Walk")]
    public void A_missing_call_is_named_with_what_fails_in_containerd(string missing, string message)
    {
        var run = new Project(Class([.. Enough.Except([missing])])).Generate();

        Assert.That(run.All.Select(each => $"{each.Id} {each.GetMessage(null)}"), Is.EqualTo([$"SNAP0041 {message}"]));
    }

    [Test]
    public void Several_missing_calls_are_one_warning() => Flaws.AssertAre(Class(Prepare).Replace("Example", "[|Example|]"), "SNAP0041");

    [Test]
    public void Without_Prepare_nothing_is_missing() => Flaws.AssertNone(Class(Mounts));

    [Test]
    public void View_Update_Usage_and_Cleanup_are_not_missing() => Flaws.AssertNone(Class(Enough));

    [Test]
    public void A_call_that_is_malformed_is_not_missing() =>
        Flaws.AssertAre(Class(Prepare, Mounts, Stat, Commit, Walk, "public void Remove(string [|Key|]) { }"), "SNAP0022");

    [Test]
    public void A_call_that_is_misspelt_is_not_missing() =>
        Flaws.AssertAre(Class(Prepare, Mounts, Stat, Commit, Walk, "public void [|Delete|](string key) { }"), "SNAP0040");

    [Test]
    public void A_call_that_is_not_public_is_not_missing() =>
        Flaws.AssertAre(Class(Prepare, Mounts, Stat, Commit, Walk, "internal void [|Remove|](string key) { }"), "SNAP0011");

    [Test]
    public void A_call_that_is_inherited_is_not_missing() => Flaws.AssertNone($$"""
        internal class Base
        {
            {{string.Join('\n', Enough)}}
        }

        [Snapshotter]
        internal partial class Example : Base
        {
        }
        """);

    private static string Class(params string[] methods) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            {{string.Join('\n', methods)}}
        }
        """;
}
