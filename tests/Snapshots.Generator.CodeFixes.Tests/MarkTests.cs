using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;
using Microsoft.CodeAnalysis.CodeFixes;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>Marking a class that is hosted.</summary>
internal sealed class MarkTests
{
    private const string Hosts = """
        internal static class Hosts
        {
            public static void Add(IServiceCollection services)
            {
                services.AddSnapshotter<Outer.Example>();
                services.AddSnapshotter(_ => new Outer.Example());
            }
        }
        """;

    private static readonly string HostsOfMore = Hosts.Replace("\n    }\n}", """

                services.AddSnapshotter<Another>();
                services.AddSnapshotter<Third>();
            }
        }
        """, StringComparison.Ordinal);

    private const string HostsOfThird = """
        internal static class Startup
        {
            public static void Add(IServiceCollection services) => services.AddSnapshotter<Third>();
        }
        """;

    private static readonly Fix Fix = new(new MarkFixProvider());

    [TestCase("internal sealed class", "internal sealed partial class")]
    [TestCase("internal partial record", "internal partial record")]
    public Task A_class_in_another_file(string before, string after) => Fix.AssertTurnsAsync(
        [Hosts, Declared("static class", "", before)], [Hosts, Declared("static partial class", "[Snapshotter]\n    ", after)]);

    [Test]
    public Task All_that_are_hosted_in_a_document() => Fix.AssertTurnsAllAsync(
        FixAllScope.Document,
        [HostsOfMore, Declared("static class", "", "internal class") + Another(""), Another("").Replace("Another", "Third", StringComparison.Ordinal)],
        [
            HostsOfMore,
            Declared("static partial class", "[Snapshotter]\n    ", "internal partial class") + Another("[Snapshotter]\n", "partial "),
            Another("[Snapshotter]\n", "partial ").Replace("Another", "Third", StringComparison.Ordinal),
        ]);

    [Test]
    public Task All_that_are_hosted_in_a_project() => Fix.AssertTurnsAllAsync(
        FixAllScope.Project,
        [Hosts, Declared("static class", "", "internal class"), HostsOfThird, Another("").Replace("Another", "Third", StringComparison.Ordinal)],
        [
            Hosts,
            Declared("static partial class", "[Snapshotter]\n    ", "internal partial class"),
            HostsOfThird,
            Another("[Snapshotter]\n", "partial ").Replace("Another", "Third", StringComparison.Ordinal),
        ]);

    [Test]
    public Task Lines_end_as_they_did() => Fix.AssertTurnsAsync(
        [Hosts, Crlf(Declared("static class", "", "internal class"))],
        [Hosts, Crlf(Declared("static partial class", "[Snapshotter]\n    ", "internal partial class"))]);

    [Test]
    public Task Nothing_for_a_type_parameter() => Fix.AssertOffersAsync("""
        internal static class Hosts
        {
            public static void Add<T>(IServiceCollection services)
                where T : class => services.AddSnapshotter<T>();
        }
        """);

    [Test]
    public Task Nothing_for_a_class_from_elsewhere() => Fix.AssertOffersAsync("""
        internal static class Hosts
        {
            public static void Add(IServiceCollection services) => services.AddSnapshotter<MemoryStream>();
        }
        """);

    private static string Declared(string outer, string attribute, string inner) => $$"""
        internal {{outer}} Outer
        {
            /// <summary>An example.</summary>
            {{attribute}}[Serializable]
            {{inner}} Example
            {
                public void Remove(string key) { }
            }
        }
        """;

    private static string Another(string attribute, string partial = "") => $$"""

        {{attribute}}internal sealed {{partial}}class Another
        {
            public void Remove(string key) { }
        }
        """;

    private static string Crlf(string text) => text.ReplaceLineEndings("\r\n");
}
