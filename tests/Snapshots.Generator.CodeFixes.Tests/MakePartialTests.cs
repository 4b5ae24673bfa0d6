using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Making a snapshotter partial, and the types around it.</summary>
internal sealed class MakePartialTests
{
    private static readonly Fix Fix = new(new MakePartialFixProvider());

    [TestCase("public class", "public partial class")]
    [TestCase("class", "partial class")]
    [TestCase("internal sealed record", "internal sealed partial record")]
    [TestCase("internal  sealed /* so */ class", "internal  sealed /* so */ partial class")]
    [TestCase("[Obsolete] class", "[Obsolete] partial class")]
    public Task The_word_is_the_last_before_the_keyword(string before, string after) => Fix.AssertTurnsAsync(Declared(before), Declared(after));

    [Test]
    public Task The_types_around_it_are_made_partial_too() => Fix.AssertTurnsAllAsync(Nested("class", "class"), Nested("partial class", "partial class"));

    [TestCase("struct")]
    [TestCase("interface")]
    [TestCase("readonly record struct")]
    public Task A_type_around_a_partial_one(string outer)
    {
        var keyword = outer.Replace("readonly ", "readonly partial ", StringComparison.Ordinal);

        return Fix.AssertTurnsAsync(
            Nested(outer, "partial class"), Nested(keyword.Contains("partial", StringComparison.Ordinal) ? keyword : "partial " + outer, "partial class"));
    }

    [Test]
    public Task All_in_a_document() => Fix.AssertTurnsAllAsync(Several(""), Several("partial "));

    private static string Declared(string declaration) => $$"""
        // A file.

        /// <summary>A class.</summary>
        [Snapshotter]
        {{declaration}} Example // Its own.
        {
            /// <summary>Removes.</summary>
            public void Remove(string key) { }
        }
        """;

    private static string Nested(string outer, string inner) => $$"""
        internal {{outer}} Outer
        {
            [Snapshotter]
            internal {{inner}} Example
            {
                public void Remove(string key) { }
            }
        }
        """;

    private static string Several(string partial) => $$"""
        [Snapshotter]
        internal {{partial}}class One
        {
            public void Remove(string key) { }
        }

        internal static {{partial}}class Outer
        {
            [Snapshotter]
            internal {{partial}}class Two
            {
                public void Remove(string key) { }
            }

            [Snapshotter]
            internal {{partial}}record Three
            {
                public void Remove(string key) { }
            }

            internal class NotMarked
            {
            }
        }
        """;
}
