using Containerd.Snapshots.Generator.CodeFixes.Fixes;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;

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

    private static readonly Fix Fix = new(new MarkFixProvider());

    [TestCase("internal sealed class", "internal sealed partial class")]
    [TestCase("internal partial record", "internal partial record")]
    public Task A_class_in_another_file(string before, string after) => Fix.TurnsAsync(
        [Hosts, Declared("static class", "", before)], [Hosts, Declared("static partial class", "[Snapshotter]\n    ", after)]);

    [Test]
    public Task Nothing_for_a_type_parameter() => Fix.OffersAsync("""
        internal static class Hosts
        {
            public static void Add<T>(IServiceCollection services)
                where T : class => services.AddSnapshotter<T>();
        }
        """);

    [Test]
    public Task Nothing_for_a_class_from_elsewhere() => Fix.OffersAsync("""
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
}
