using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Renaming a method that looks like a misnamed call.</summary>
internal sealed class RenameTests
{
    private static readonly Fix Fix = new(new RenameFixProvider());

    [TestCase("Delete", "Remove")]
    [TestCase("DeleteAsync", "RemoveAsync")]
    [TestCase("remove", "Remove")]
    public Task With_its_callers(string before, string after) => Fix.AssertTurnsAsync([Declared(before), Calling(before)], [Declared(after), Calling(after)]);

    [Test]
    public Task Nothing_where_the_name_is_taken() => Fix.AssertOffersAsync("""
        [Snapshotter]
        internal partial class Example
        {
            public void Delete(string key) { }
            private void Remove(int number) { }
        }
        """);

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(
        Several("Delete", "List", "Comit").Replace("class", "// Delete\nclass", StringComparison.Ordinal),
        Several("Remove", "Walk", "Commit").Replace("class", "// Delete\nclass", StringComparison.Ordinal));

    [Test]
    public Task All_in_a_project() => Fix.AssertTurnsAllAsync(
        FixAllScope.Project,
        [Declared("Delete"), Calling("Delete"), Several("delete", "Snapshots", "Commmit").Replace("Example", "Other", StringComparison.Ordinal)],
        [Declared("Remove"), Calling("Remove"), Several("Remove", "Walk", "Commit").Replace("Example", "Other", StringComparison.Ordinal)]);

    [Test]
    public Task Not_two_to_one_name_in_a_class_and_its_base() => Fix.AssertTurnsAllAsync(
        Deriving("Delete", "DeleteSnapshot"), Deriving("Remove", "DeleteSnapshot"));

    private static string Several(string remove, string walk, string commit) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            public void {{remove}}(string key) { }
            public IEnumerable<SnapshotInfo> {{walk}}() => Array.Empty<SnapshotInfo>();
            public void {{commit}}(string name, string key) => {{remove}}(key);
        }
        """;

    private static string Deriving(string inBase, string inDerived) => $$"""
        [Snapshotter]
        internal partial class Derived : Base
        {
            public void {{inDerived}}(string key) => {{inBase}}(key);
        }

        [Snapshotter]
        internal partial class Base
        {
            public void {{inBase}}(string key) { }
        }
        """;

    private static string Declared(string name) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            /// <summary>As <see cref="{{name}}"/> does.</summary>
            public void {{name}}(string key)
            {
                if (key.Length > 0)
                    {{name}}(""); // Delete
            }
        }
        """;

    private static string Calling(string name) => $$"""
        internal static class Calling
        {
            public static void All(Example example) => example.{{name}}("key");
        }
        """;
}
