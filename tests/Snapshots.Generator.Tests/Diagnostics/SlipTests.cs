namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Methods that look like misnamed calls.</summary>
internal sealed class SlipTests
{
    [TestCase("void [|Delete|](string key) { }")]
    [TestCase("void [|delete|](string key) { }")]
    [TestCase("void [|Delete|](string key, CancellationToken cancellationToken) { }")]
    [TestCase("Task [|DeleteAsync|](string key) => Task.CompletedTask;")]
    [TestCase("void [|remove|](string key) { }")]
    [TestCase("void [|REMOVE|](string key) { }")]
    [TestCase("void [|Remov|](string key) { }")]
    [TestCase("void [|emove|](string key) { }")]
    [TestCase("void [|RRemove|](string key) { }")]
    [TestCase("void [|Removed|](string key) { }")]
    [TestCase("void [|Reomve|](string key) { }")]
    [TestCase("IEnumerable<SnapshotInfo> [|List|]() => Array.Empty<SnapshotInfo>();")]
    [TestCase("IAsyncEnumerable<SnapshotInfo> [|ListAsync|](SnapshotFilter filter) => throw new NotImplementedException();")]
    [TestCase("SnapshotInfo? [|Stats|](string key) => null;")]
    [TestCase("SnapshotInfo? [|Get|](string key) => null;")]
    [TestCase("SnapshotUsage? [|DiskUsage|](string key) => null;")]
    [TestCase("Mount? [|GetMounts|](string key) => null;")]
    [TestCase("Mount[] [|Mount|](string key) => throw new NotImplementedException();")]
    [TestCase("void [|Comit|](string name, string key) { }")]
    [TestCase("void [|CleanUp|]() { }")]
    [TestCase("Mount[] [|Mouths|](string key) => throw new NotImplementedException();")]
    public void Slip(string method) => Flaws.AssertAre($$"""
        [Snapshotter]
        internal partial class Example
        {
            public {{method}}
        }
        """, "SNAP0040");

    [TestCase("Prepar")]
    [TestCase("Perpare")]
    [TestCase("Prepair")]
    [TestCase("PrepairAsync")]
    public void Slip_of_the_call_that_needs_others(string name) => Flaws.AssertAre($$"""
        [Snapshotter]
        internal partial class [|Example|]
        {
            public Mount View(string key) => Mount.Bind(key);
            public Mount [|{{name}}|](string key) => Mount.Bind(key);
        }
        """, "SNAP0041", "SNAP0040");

    [Test]
    public void A_slip_where_the_call_exists_is_ordinary() => Flaws.AssertNone("""
        [Snapshotter]
        internal partial class Example
        {
            public void RemoveAsync(string key) { }
            public void Delete(string key) { }
            public void remove(string key) { }
        }
        """);

    [Test]
    public void A_slip_where_the_call_is_inherited_is_ordinary() => Flaws.AssertNone("""
        internal class Base
        {
            public void Remove(string key) { }
        }

        [Snapshotter]
        internal partial class Example : Base
        {
            public void Delete(string key) { }
        }
        """);

    [Test]
    public void A_slip_where_the_call_is_malformed_is_ordinary() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string [|Key|]) { }
            public void Delete(string key) { }
        }
        """, "SNAP0022");

    [TestCase("public void Delete(int number) { }")]
    [TestCase("public bool Delete(string key) => true;")]
    [TestCase("public void Delete() { }")]
    [TestCase("public void Delete(CancellationToken cancellationToken) { }")]
    [TestCase("public void Erase(string key) { }")]
    [TestCase("public void Cleaned() { }")]
    [TestCase("public Mount Prepaid(string key) => Mount.Bind(key);")]
    [TestCase("public Mount Preparing(string key) => Mount.Bind(key);")]
    [TestCase("public void Remade(string key) { }")]
    [TestCase("public void Removal(string key) { }")]
    [TestCase("public void Removing(string key) { }")]
    [TestCase("public static void Delete(string key) { }")]
    [TestCase("private void Delete(string key) { }")]
    [TestCase("public List<string> List() => new();")]
    public void A_method_that_would_not_answer_the_call_is_ordinary(string method) => Flaws.AssertNone($$"""
        [Snapshotter]
        internal partial class Example
        {
            public void Commit(string name, string key) { }
            {{method}}
        }
        """);

    [Test]
    public void A_method_that_overrides_another_is_ordinary() => Flaws.AssertNone("""
        internal class Base
        {
            public virtual void Delete(string key) { }
        }

        [Snapshotter]
        internal partial class Example : Base
        {
            public void Commit(string name, string key) { }
            public override void Delete(string key) { }
        }
        """);

    [Test]
    public void Two_slips_of_one_call_are_one() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public void [|Delete|](string key) { }
            public void Remov(string key) { }
        }
        """, "SNAP0040");

    [Test]
    public void The_members_of_a_record_are_no_slips() => Flaws.AssertNone("""
        [Snapshotter]
        internal partial record Example(string Key)
        {
            public void Commit(string name, string key) { }
        }
        """);
}
