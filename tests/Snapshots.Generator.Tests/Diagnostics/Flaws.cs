using System.Reflection;
using System.Text.RegularExpressions;
using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>
/// Asserts that the analyzers report flaws at the places that are marked <c>[|so|]</c> in a source, and nowhere else, and
/// that the compiler reports nothing besides, although the class is hosted in every way.
/// </summary>
internal static partial class Flaws
{
    /// <summary>One diagnostic of each rule, in the order of the marks.</summary>
    public static void AssertAre(string marked, params string[] rules) => AssertAre(LanguageVersion.Latest, Hosted(marked), rules);

    /// <inheritdoc cref="AssertAre(string, string[])"/>
    public static void AssertAreWithoutHost(string marked, params string[] rules) => AssertAre(LanguageVersion.Latest, marked, rules);

    /// <inheritdoc cref="AssertAre(string, string[])"/>
    public static void AssertAre(LanguageVersion language, string marked, params string[] rules)
    {
        var source = MarkedSource.Parse(marked);
        var run = new Project(source.Text) { Language = language }.Generate();

        Assert.That(run.OfGenerator.Concat(run.OfCompiler), Is.Empty, "the compiler, on its own");
        Assert.That(Shown(run, source), Is.EqualTo(source.Spans.Zip(rules, (span, rule) => Show(rule, span, source))));
        Assert.That(source.Spans, Has.Count.EqualTo(rules.Length));
        Assert.That(run.OfAnalyzers, Has.All.Matches<Diagnostic>(UsesEveryArgument), "a message leaves out an argument");
    }

    /// <summary>The analyzers report nothing, and the compiler only these.</summary>
    public static void AssertNone(string source, params string[] ofCompiler)
    {
        var run = new Project(Hosted(source)).Generate();

        Assert.That(run.All.Select(each => each.Id).Distinct(), Is.EqualTo(ofCompiler));
    }

    /// <summary>A source, with a class Example that is hosted in the same file.</summary>
    public static string Hosted(string source) => source + """

        file static class Hosts
        {
            public static void Add(IServiceCollection services)
            {
                services.AddSnapshotter<Example>();
                services.AddSnapshotter(_ => Make());
            }

            public static void Map(WebApplication app)
            {
                app.MapSnapshotter<Example>();
                app.MapSnapshotter<Example>("name");
            }

            public static async Task<int> RunAsync(string[] args, CancellationToken cancellationToken) =>
                await SnapshotterHost.RunAsync(args, _ => Make())
                + await SnapshotterHost.RunAsync(args, _ => Make(), cancellationToken)
                + await SnapshotterHost.CreateBuilder(args).AddSnapshotter("name", _ => Make()).RunAsync(cancellationToken);

            private static Example Make() => throw new NotImplementedException();
        }
        """;

    private static IEnumerable<string> Shown(Run run, MarkedSource source) => run.OfAnalyzers
        .OrderBy(each => each.Location.SourceSpan)
        .Select(each => Show(each.Id, each.Location.SourceSpan, source));

    private static string Show(string rule, TextSpan span, MarkedSource source) =>
        $"{rule} at {span} '{source.Text.Substring(span.Start, span.Length)}'";

    private static bool UsesEveryArgument(Diagnostic? diagnostic)
    {
        var arguments = (IReadOnlyList<object?>)typeof(Diagnostic)
            .GetProperty("Arguments", BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(diagnostic!)!;
        var used = Placeholder().Matches(diagnostic!.Descriptor.MessageFormat.ToString(null)).Select(each => int.Parse(each.ValueSpan[1..^1])).Distinct();

        return used.Order().SequenceEqual(Enumerable.Range(0, arguments.Count));
    }

    [GeneratedRegex(@"\{\d+\}")]
    private static partial Regex Placeholder();
}
