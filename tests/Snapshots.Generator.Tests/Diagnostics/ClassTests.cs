using Containerd.Snapshots.Generator.Shapes;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Malformed declarations of a class.</summary>
internal sealed class ClassTests
{
    // It cannot be hosted: the compiler rejects a static class as a type argument.
    [Test]
    public void Static() => Flaws.AssertAreWithoutHost("""
        [Snapshotter]
        internal static partial class [|Example|]
        {
            public static void Remove(string key) { }
        }
        """, "SNAP0001");

    [Test]
    public void Abstract() => Flaws.AssertAre("""
        [Snapshotter]
        internal abstract partial class [|Example|]
        {
            public void Remove(string key) { }
            public abstract SnapshotInfo? Stat(string key);
        }
        """, "SNAP0002");

    [Test]
    public void Abstract_and_not_partial() => Flaws.AssertAre("""
        [Snapshotter]
        internal abstract class [|Example|]
        {
            public void Remove(string key) { }
        }
        """, "SNAP0002");

    [Test]
    public void File_local() => Flaws.AssertAre("""
        [Snapshotter]
        file partial class [|Example|]
        {
            public void Remove(string key) { }
        }
        """, "SNAP0003");

    [Test]
    public void Not_partial() => Flaws.AssertAre("""
        [Snapshotter]
        internal class [|Example|]
        {
            public void Remove(string key) { }
        }
        """, "SNAP0004");

    [Test]
    public void Record_that_is_not_partial() => Flaws.AssertAre("""
        [Snapshotter]
        internal sealed record [|Example|](string Root)
        {
            public void Remove(string key) { }
        }
        """, "SNAP0004");

    [Test]
    public void Older_than_C_sharp_11() => Flaws.AssertAre(LanguageVersion.CSharp10, Flaws.Hosted("""
        [Snapshotter]
        internal partial class [|Example|]
        {
            public void Remove(string key) { }
        }
        """).Replace("file static class", "internal static class"), "SNAP0006");

    [Test]
    public void No_call() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class [|Example|]
        {
            public int Usage { get; set; }

            public void Touch(string key) { }

            private void Remove(string key, bool force) { }
        }
        """, "SNAP0007");

    [Test]
    public void A_malformed_declaration_hides_missing_calls() => Flaws.AssertAre("""
        [Snapshotter]
        internal class [|Example|]
        {
        }
        """, "SNAP0004");

    [Test]
    public void One_declaration_that_is_not_partial_is_reported_only_by_the_compiler() => Flaws.AssertNone("""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
        }

        internal class Example
        {
        }
        """, "CS0260");

    [Test]
    public void A_base_that_is_unknown_is_reported_only_by_the_compiler() => Flaws.AssertNone("""
        [Snapshotter]
        internal partial class Example : Unknown
        {
        }
        """, "CS0246");

    /// <summary>An editor cancels the analysis when the user types on.</summary>
    [Test]
    public void A_canceled_analysis_ends()
    {
        var compilation = new Project("[Snapshotter] internal partial class Example { public void Remove(string key) { } }").Compile();
        var (type, known) = (compilation.GetTypeByMetadataName("Example")!, KnownTypes.In(compilation)!);

        Assert.That(() => SnapshotterShape.Of(type, known, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_project_without_the_attribute_has_nothing() =>
        Assert.That(new Project("internal class Example { }").Generate().All, Is.Empty);
}
