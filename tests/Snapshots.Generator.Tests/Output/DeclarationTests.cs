using Containerd.Snapshots.Tests.Generator.Compiling;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Where and how a class can be declared.</summary>
internal sealed class DeclarationTests
{
    [Test]
    public void Nested_in_anything_partial() => Shape.Verify(new Project("""
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
    public void Generic() => Shape.Verify(new Project("""
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
    public void Record() => Shape.Verify(new Project("""
        namespace Samples;

        [Snapshotter]
        public sealed partial record Example(string Root, int Stat)
        {
            public void Remove(string key) { }
        }
        """));
}
