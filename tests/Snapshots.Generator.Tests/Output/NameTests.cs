using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Output;

/// <summary>Names in user code that emitted code repeats.</summary>
internal sealed class NameTests
{
    [Test]
    public void Global_namespace() => Shape.AssertApproved(new Project("""
        [Snapshotter]
        internal partial class Example
        {
            public void Remove(string key) { }
        }
        """));

    [Test]
    public void Names_that_are_keywords() => Shape.AssertApproved(new Project("""
        namespace @class.@new;

        internal partial class @event<@int>
        {
            [Snapshotter]
            internal partial class @record<@await>
            {
                public void Remove(string @key) { }
            }
        }
        """));

    [Test]
    public void Names_in_any_script() => Shape.AssertApproved(new Project("""
        namespace Größe.हिन्दी;

        [Snapshotter]
        internal partial class Tie‿Bar
        {
            public void Remove(string key) { }
        }
        """));

    [Test]
    public void Each_keyword_of_the_language() => Shape.AssertCompiles(
        new Project(string.Concat(Keywords.Select(keyword => $$"""

            namespace @{{keyword}}
            {
                [Snapshotter]
                internal partial class @{{keyword}}
                {
                    public void Remove(string key) { }
                }

                internal partial class Outer<@{{keyword}}>
                {
                    [Snapshotter]
                    internal partial class Example
                    {
                        public void Remove(string key) { }
                    }
                }
            }
            """))),
        classes: 2 * Keywords.Count);

    [Test]
    public void Names_in_lower_case_cause_no_warnings_in_emitted_code() => Shape.AssertCompiles(
        new Project("""
            #pragma warning disable CS8981
            [Snapshotter]
            internal partial class call<snapshotter>
            {
                public void Remove(string key) { }
            }

            internal partial struct global
            {
                [Snapshotter]
                internal partial class value
                {
                    public void Remove(string key) { }
                }
            }
            """),
        classes: 2);

    [Test]
    public void Names_written_with_escapes_and_with_characters_that_do_not_count() => Shape.AssertCompiles(
        new Project("""
            namespace \u0041cme;

            [Snapshotter]
            internal partial class Exa\u006Dple
            {
                public void R\u0065move(string k\u0065y) { }
            }

            [Snapshotter]
            internal partial class cl\u0061ss
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal partial class So\u00ADft\u200D
            {
                public void Remove(string key) { }
            }
            """),
        classes: 3);

    private static List<string> Keywords { get; } =
    [
        .. SyntaxFacts.GetKeywordKinds().Select(SyntaxFacts.GetText).Where(SyntaxFacts.IsValidIdentifier),
    ];
}
