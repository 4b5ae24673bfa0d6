namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>What is wrong with a method that has a call's name.</summary>
internal sealed class MethodTests
{
    [TestCase("private")]
    [TestCase("internal")]
    [TestCase("protected")]
    [TestCase("protected internal")]
    [TestCase("private protected")]
    [TestCase("private static")]
    public void Not_public(string modifiers) => Flaws.AssertAre($$"""
        [Snapshotter]
        internal partial class Example
        {
            {{modifiers}} void [|Remove|](string key) { }
        }
        """, "SNAP0011");

    [Test]
    public void Not_public_with_the_suffix_Async() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            Task<SnapshotInfo?> [|StatAsync|](string key, CancellationToken cancellationToken) => Task.FromResult<SnapshotInfo?>(null);
            public void Remove(string key) { }
        }
        """, "SNAP0011");

    [TestCase("private void Remove(string path) { }")]
    [TestCase("private void Remove(string key, bool recursive) { }")]
    [TestCase("private bool Remove(string key) => true;")]
    [TestCase("private void Remove<T>(string key) { }")]
    [TestCase("private void Remove(ref string key) { }")]
    [TestCase("private static void Walk(string directory) { }")]
    [TestCase("internal static string View(string key) => key;")]
    [TestCase("public static int Usage(string key) => 1;")]
    public void A_helper_that_would_not_answer_the_call_is_ordinary(string helper) => Flaws.AssertNone($$"""
        [Snapshotter]
        internal partial class Example
        {
            public void Commit(string name, string key) { }
            {{helper}}
        }
        """);

    [TestCase("private void Remove(string key, CancellationToken cancellationToken) { }")]
    [TestCase("private static void Remove(SnapshotContext context) { }")]
    [TestCase("public static void Remove(SnapshotContext context) { }")]
    [TestCase("internal Task RemoveAsync(string key) => Task.CompletedTask;")]
    public void A_helper_beside_the_public_method_is_ordinary(string helper) => Flaws.AssertNone($$"""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
            {{helper}}
        }
        """);

    [Test]
    public void A_helper_beside_an_inherited_call_is_ordinary() => Flaws.AssertNone("""
        internal class Base
        {
            public void Remove(string key) { }
        }

        [Snapshotter]
        internal partial class Example : Base
        {
            private new void Remove(string key) { }
        }
        """);

    [Test]
    public void Static() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public static void [|Remove|](string key) { }
        }
        """, "SNAP0012");

    [Test]
    public void Generic() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove[|<TKey>|](TKey key) { }
        }
        """, "SNAP0013");

    [Test]
    public void Conditional() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            [System.Diagnostics.Conditional("TRACE")]
            public void [|Remove|](string key) { }
        }
        """, "SNAP0014");

    [Test]
    public void Conditional_by_what_it_overrides() => Flaws.AssertAre("""
        internal class Base
        {
            [System.Diagnostics.Conditional("TRACE")]
            public virtual void Remove(string key) { }
        }

        [Snapshotter]
        internal partial class Example : Base
        {
            public override void [|Remove|](string key) { }
        }
        """, "SNAP0014");

    [Test]
    public void Overloads() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
            public void [|Remove|](string key, CancellationToken cancellationToken) { }
            public void [|Remove|](int number) { }
        }
        """, "SNAP0010", "SNAP0010");

    [Test]
    public void An_overload_that_does_not_bind_before_one_that_does() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public void [|Remove|](int number) { }
            public void Remove(string key) { }
        }
        """, "SNAP0010");

    [Test]
    public void Overloads_none_of_which_binds() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove([|int|] key) { }
            public void [|Remove|](long key) { }
        }
        """, "SNAP0023", "SNAP0010");

    [Test]
    public void Stat_beside_StatAsync() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public SnapshotInfo? Stat(string key) => null;
            public Task<SnapshotInfo?> [|StatAsync|](string key) => Task.FromResult<SnapshotInfo?>(null);
        }
        """, "SNAP0010");

    [Test]
    public void StatAsync_beside_an_inherited_Stat_is_ordinary() => Flaws.AssertNone("""
        internal class Base
        {
            public SnapshotInfo? Stat(string key) => null;
        }

        [Snapshotter]
        internal partial class Example : Base
        {
            public Task<SnapshotInfo?> StatAsync(string key) => Task.FromResult<SnapshotInfo?>(null);
        }
        """);

    [Test]
    public void Explicit_implementation() => Flaws.AssertAre("""
        internal interface IRemover
        {
            void Remove(string key);
            void Commit(string name, string key) { }
        }

        [Snapshotter]
        internal partial class Example : IRemover
        {
            public void Cleanup() { }
            void IRemover.[|Remove|](string key) { }
        }
        """, "SNAP0015");

    [Test]
    public void Partial_method() => Flaws.AssertAre("""
        [Snapshotter]
        internal partial class Example
        {
            public partial [|int|] Remove([|int|] key);
            public partial int Remove(int key) => 1;
        }
        """, "SNAP0032", "SNAP0023");
}
