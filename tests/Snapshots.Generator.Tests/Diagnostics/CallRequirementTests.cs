namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Attributes of calls that warn whoever uses the call.</summary>
internal sealed class CallRequirementTests
{
    [TestCase("System.Diagnostics.CodeAnalysis.RequiresUnreferencedCode(\"reflects\")", "IL2026")]
    [TestCase("System.Diagnostics.CodeAnalysis.RequiresDynamicCode(\"emits\")", "IL3050")]
    [TestCase("System.Diagnostics.CodeAnalysis.RequiresAssemblyFiles(\"reads its file\")", "IL3002")]
    [TestCase("System.Runtime.Versioning.RequiresPreviewFeatures", "CA2252")]
    public void On_a_call(string attribute, string warning)
    {
        Flaws.AssertAre(Class($"[[|{attribute}|]] public void Remove(string key) {{ }}"), "SNAP0059");

        var emitted = new Compiling.Project(Class($"[{attribute}] public void Remove(string key) {{ }}")).Generate().Emitted.Single();
        Assert.That(emitted.SourceText.ToString(), Does.Contain($"#pragma warning disable {warning} //"));
    }

    [Test]
    public void On_an_inherited_call() => Flaws.AssertAre("""
        internal class Base
        {
            [System.Runtime.Versioning.RequiresPreviewFeatures]
            public void Remove(string key) { }
        }

        [Snapshotter]
        internal partial class [|Example|] : Base
        {
        }
        """, "SNAP0059");

    [TestCase("public void Remove(string key) => Helper(); [System.Diagnostics.CodeAnalysis.RequiresDynamicCode(\"\")] private void Helper() { }")]
    [TestCase("[MethodImpl(MethodImplOptions.NoInlining)] public void Remove(string key) { }")]
    public void On_what_is_not_a_call_or_another_attribute(string members) => Flaws.AssertNone(Class(members));

    private static string Class(string members) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            {{members}}
        }
        """;
}
