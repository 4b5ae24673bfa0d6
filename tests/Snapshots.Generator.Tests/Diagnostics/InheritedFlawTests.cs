using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Flaws of methods that a class inherits, and several flaws at once.</summary>
internal sealed class InheritedFlawTests
{
    [TestCase("public void Remove(int key) { }", "SNAP0023")]
    [TestCase("public void Remove(string path) { }", "SNAP0022")]
    [TestCase("public void Remove(ref string key) { }", "SNAP0020")]
    [TestCase("public bool Remove(string key) => true;", "SNAP0032")]
    [TestCase("public void Remove<T>(string key) { }", "SNAP0013")]
    [TestCase("public void Remove(string key) { } public void Remove(int key) { }", "SNAP0010")]
    [TestCase("public async void Remove(string key) => await Task.Yield();", "SNAP0031")]
    public void A_flaw_that_is_inherited_is_reported_at_the_class(string method, string rule) => Flaws.AssertAre($$"""
        internal class Base
        {
            {{method}}
        }

        [Snapshotter]
        internal partial class [|Example|] : Base
        {
        }
        """, rule);

    [Test]
    public void A_flaw_from_another_assembly_is_reported_at_the_class()
    {
        var library = new Project("public class Base { public void Remove(int key) { } }") { Name = "Library" };
        var source = MarkedSource.Parse("[Snapshotter] internal partial class [|Example|] : Base { }");

        var run = new Project(source.Text) { MoreReferences = [library.Generate().ToReference()] }.Generate();

        Assert.That(run.All.Select(each => (each.Id, each.Location.SourceSpan)), Is.EqualTo([("SNAP0023", source.Spans[0])]));
    }

    [Test]
    public void Several_that_are_inherited_are_one_error_the_first_rule() => Flaws.AssertAre("""
        internal class Base
        {
            public SnapshotInfo? Stat(string path) => null;
            public Mount Prepare(ref string key) => throw new NotImplementedException();
            public void Remove(int key) { }
        }

        [Snapshotter]
        internal partial class [|Example|] : Base
        {
        }
        """, "SNAP0020");

    [Test]
    public void An_inherited_flaw_is_reported_after_the_declaration_is_fixed() => Flaws.AssertAre("""
        internal class Base
        {
            public void Remove(int key) { }
        }

        [Snapshotter]
        internal class [|Example|] : Base
        {
        }
        """, "SNAP0004");

    [Test]
    public void A_flaw_of_a_marked_base_is_reported_only_there() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Base
        {
            public void Remove([|int|] key) { }
        }

        [Snapshotter]
        internal partial class Example : Base
        {
        }
        """, "SNAP0023");

    [Test]
    public void Several_flaws_at_different_places_are_each_reported() => Flaws.AssertAre("""
        [Snapshotter]
        internal class [|Example|]
        {
            public [|int|] Stat(string [|Key|]) => 1;
            public async [|void|] Commit(string name, string key, [|IDictionary<string, string>|] labels) => await Task.Yield();
            internal void [|Remove|](string key) { }
            public IEnumerable<SnapshotInfo> [|List|]() => Array.Empty<SnapshotInfo>();
        }
        """, "SNAP0004", "SNAP0032", "SNAP0022", "SNAP0031", "SNAP0023", "SNAP0011", "SNAP0040");

    [Test]
    public void The_calls_that_are_well_formed_are_emitted_beside_those_that_are_not()
    {
        var run = new Project("""
            [Snapshotter]
            internal partial class Example
            {
                public SnapshotInfo? Stat(string key) => null;
                public void Remove(int key) { }
                public void Cleanup() { }
            }
            """).Generate();

        Assert.That(run.Emitted.Single().SourceText.ToString(), Does.Contain("Calls => \"Stat, Cleanup\""));
    }
}
