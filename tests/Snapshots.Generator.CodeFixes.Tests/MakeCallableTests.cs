using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Making a method public and not static.</summary>
internal sealed class MakeCallableTests
{
    private static readonly Fix Fix = new(new MakeCallableFixProvider());

    [TestCase("internal void", "public void")]
    [TestCase("private async Task", "public async Task")]
    [TestCase("void", "public void")]
    [TestCase("async  Task", "public async  Task")]
    [TestCase("protected internal void", "public void")]
    [TestCase("unsafe private protected void", "unsafe public void")]
    [TestCase("private static void", "public void")]
    [TestCase("static void", "public void")]
    [TestCase("public static void", "public void")]
    [TestCase("static public async Task", "public async Task")]
    [TestCase("[Obsolete] /* so */ static void", "[Obsolete] /* so */ public void")]
    public Task Modifiers(string before, string after) => Fix.AssertTurnsAsync(Declared(before), Declared(after));

    [Test]
    public Task Both_parts_of_a_partial_method() => Fix.AssertTurnsAsync(
        """
        [Snapshotter]
        internal partial class Example
        {
            private static partial void Remove(string key);
        }

        internal partial class Example
        {
            private static partial void Remove(string key) { }
        }
        """,
        """
        [Snapshotter]
        internal partial class Example
        {
            public partial void Remove(string key);
        }

        internal partial class Example
        {
            public partial void Remove(string key) { }
        }
        """);

    [Test]
    public Task Nothing_where_others_override_it() => Fix.AssertOffersAsync("""
        [Snapshotter]
        internal partial class Example
        {
            protected virtual void Remove(string key) { }
        }
        """);

    [Test]
    public Task All_that_are_not_public_in_a_document() => Fix.AssertTurnsAllAsync(
        Several("internal", "private static", "public static"), Several("public", "public", "public static"));

    private static string Declared(string modifiers)
    {
        var body = modifiers.Contains("async", StringComparison.Ordinal) ? "await Task.Yield();" : "";

        return $$"""
            [Snapshotter]
            internal partial class Example
            {
                // Removes.
                {{modifiers}} Remove(string key) { {{body}} } // So.
            }
            """;
    }

    private static string Several(string first, string second, string third) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            {{first}} void Remove(string key) { }

            {{second}} void Commit(string name, string key) { }
        }

        [Snapshotter]
        internal partial class Another
        {
            public void Remove(string key) { }
            private void Helper() { }
            {{third}} void Commit(string name, int number) { }
        }
        """;
}
