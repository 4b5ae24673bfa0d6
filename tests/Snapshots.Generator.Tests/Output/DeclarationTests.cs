using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Where and how a class can be declared.</summary>
internal sealed class DeclarationTests
{
    [Test]
    public void Nested_in_anything_partial() => Shape.AssertApproved(new Project("""
        namespace Samples
        {
            public static partial class Outer
            {
                internal partial struct Middle
                {
                    private partial record Deep
                    {
                        internal readonly partial record struct Deeper
                        {
                            public partial interface IDeepest
                            {
                                [Snapshotter]
                                private protected partial class Example
                                {
                                    public void Remove(string key) { }
                                }
                            }
                        }
                    }
                }
            }

            public ref partial struct Span
            {
                [Snapshotter]
                public sealed partial class Example
                {
                    public void Remove(string key) { }
                }
            }
        }
        """));

    [Test]
    public void Generic() => Shape.AssertApproved(new Project("""
        namespace Samples;

        public partial class Outer<TKey>
            where TKey : notnull
        {
            public partial interface IMiddle
            {
                [Snapshotter]
                public partial class Example<TMounts, @class>
                    where TMounts : class, IReadOnlyList<Mount>
                    where @class : TMounts
                {
                    public TMounts? Mounts(string key) => null;
                    public @class View(string key) => throw new NotImplementedException();
                }
            }
        }
        """));

    [Test]
    public void Record() => Shape.AssertApproved(new Project("""
        namespace Samples;

        [Snapshotter]
        public sealed partial record Example(string Root, int Stat)
        {
            public void Remove(string key) { }
        }
        """));

    [TestCase("class Example(string root, int unused = 1)", "_ = root;", Description = "One is captured, the other is not.")]
    [TestCase("record Example(string Root, int Stat)", "_ = Root;")]
    [TestCase("record class Example", "")]
    [TestCase("record Example(int Prepare) : Base", "")]
    [TestCase("class Example<T> : Base where T : class?, new()", "")]
    public void With_and_without_a_primary_constructor(string declaration, string body) => Shape.AssertCompiles(new Project($$"""
        internal abstract record Base { }

        [Snapshotter]
        internal sealed partial {{declaration}}
        {
            public void Remove(string key) { {{body}} }
            {{(declaration.Contains("unused", StringComparison.Ordinal) ? "public int Unused { get; } = unused;" : "")}}
        }
        """.Replace("record Base", declaration.StartsWith("record", StringComparison.Ordinal) ? "record Base" : "class Base")));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void In_several_files_with_the_attribute_on_any(int marked)
    {
        string[] parts =
        [
            "namespace Samples; partial class Example { public void Remove(string key) { } }",
            "namespace Samples { internal sealed partial class Example : IDisposable { public void Dispose() { } } }",
            "namespace Samples; partial class Example { public SnapshotInfo? Stat(string key) => null; }",
        ];
        parts[marked] = parts[marked].Replace("internal sealed partial", "[Snapshotter] internal sealed partial").Replace("; partial", "; [Snapshotter] partial");

        var run = Shape.AssertCompiles(new Project([.. parts]));

        Assert.That(run.Emitted.Single().SourceText.ToString(), Does.Contain("Calls => \"Stat, Remove\""));
    }

    [Test]
    public void Five_deep_in_generic_types_of_every_kind() => Shape.AssertCompiles(
        new Project("""
            internal partial class A<T>
                where T : unmanaged
            {
                internal partial struct B<U>
                    where U : allows ref struct
                {
                    internal partial interface C<V>
                        where V : struct, Enum
                    {
                        internal partial record D<W>(int X)
                            where W : notnull, new()
                        {
                            internal readonly partial record struct E<Y>(Y Value)
                                where Y : Delegate
                            {
                                [Snapshotter]
                                internal partial class Example<Z>
                                    where Z : A<T>
                                {
                                    public void Remove(string key) { }
                                }
                            }
                        }
                    }
                }
            }
            """));

    [Test]
    public void With_constraints_of_every_kind() => Shape.AssertCompiles(new Project("""
        [Snapshotter]
        internal partial class Example<T1, T2, T3, T4, T5, T6, T7>
            where T1 : unmanaged
            where T2 : allows ref struct
            where T3 : struct, IReadOnlyList<Mount>
            where T4 : List<Mount?>
            where T5 : T4, new()
            where T6 : IEnumerable<SnapshotInfo>?
            where T7 : IReadOnlyList<Mount>
        {
            public T3 View(string key) => default;
            public T7? Mounts(string key) => default;
            public async Task<T5> PrepareAsync(string key) { await Task.Yield(); return new(); }
            public SnapshotResult<T6> Walk() => default;
            public SnapshotInfo? Stat(string key) => null;
            public void Remove(string key) { }
            public void Commit(string name, string key) { }
        }
        """));

    [Test]
    public void Beside_top_level_statements() => Shape.AssertCompiles(new Project("""
        return await SnapshotterHost.RunAsync(args, _ => new Program());

        [Snapshotter]
        internal partial class Program
        {
            public void Remove(string key) { }
        }
        """) { Output = OutputKind.ConsoleApplication });

    [Test]
    public void Unsafe() => Shape.AssertCompiles(new Project("""
        [Snapshotter]
        internal unsafe partial class Example
        {
            private int* Stat;

            public unsafe void Remove(string key) => Stat++;
        }
        """));

    [Test]
    public void In_conditional_code_and_with_other_lines() => Shape.AssertCompiles(new Project("""
        #define MARKED
        #line 200 "Other.cs"
        #if MARKED
        [Snapshotter]
        #endif
        internal
        #if !OLD
            partial
        #endif
            class Example
        {
        #line hidden
        #if OLD
            public void Remove(int key) { }
        #else
            public void Remove(string key) { }
        #endif
        #line default
        }
        """));
}
