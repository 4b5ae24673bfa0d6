using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Corpus;

/// <summary>
/// Snapshotters as authors write them, in the files of the folders beside this class. A case has a whole source, or the
/// members of a class Example; "beside the rest" if the class has the other calls that containerd needs with Prepare.
/// </summary>
internal sealed class CorpusTests
{
    private const string Source = "source", Members = "members", BesideTheRest = "beside the rest", Message = "message", Followed = "followed", Language = "language";

    private static readonly string Rest = string.Join('\n', new[] { "Stat", "Mounts", "Commit", "Remove", "Walk" }.Select(Stub.Of));

    private static IEnumerable<TestCaseData> Malformed => CaseFile.In(nameof(Malformed));

    private static IEnumerable<TestCaseData> WellFormed => CaseFile.In(nameof(WellFormed));

    /// <summary>There is one diagnostic, at the marked place, and each way to follow its message ends in silence.</summary>
    [TestCaseSource(nameof(Malformed))]
    public void One_message_leads_to_the_end(Case each)
    {
        var marked = MarkedSource.Parse(TextOf(each));
        var diagnostics = Diagnose(marked.Text, LanguageOf(each));

        Assert.That(diagnostics.Select(Show), Is.EqualTo([each[Message]]));
        Assert.That(diagnostics[0].Location.SourceSpan, Is.EqualTo(marked.Spans.Single()), marked.Text[diagnostics[0].Location.SourceSpan.Start..]);

        var ways = each.Find(Followed) is { } followed ? [followed] : Advice.Follow(marked.Text, diagnostics[0]);
        Assert.That(ways, Is.Not.Empty, "nobody can follow it");
        foreach (var way in ways)
            Assert.That(Diagnose(way, LanguageVersion.Latest).Select(Show), Is.Empty, way);
    }

    [TestCaseSource(nameof(WellFormed))]
    public void There_is_nothing_to_say(Case each) => Assert.That(Diagnose(TextOf(each), LanguageOf(each)).Select(Show), Is.Empty);

    [Test]
    public void There_are_cases_of_every_kind()
    {
        Assert.That(Malformed.Count(), Is.AtLeast(300));
        Assert.That(WellFormed.Count(), Is.AtLeast(100));
    }

    private static string TextOf(Case each) => each.Find(Source) ?? (each.Find(BesideTheRest) is { } members ? Class($"{members}\n{Rest}") : Class(each[Members]));

    private static string Class(string members) => $$"""
        [Snapshotter]
        internal partial class Example
        {
            {{members.Replace("\n", "\n    ")}}
        }
        """;

    private static LanguageVersion LanguageOf(Case each) => LanguageVersionFacts.TryParse(each.Find(Language), out var version) ? version : LanguageVersion.Latest;

    private static IReadOnlyList<Diagnostic> Diagnose(string source, LanguageVersion language) => new Project(source) { Language = language }.Generate().All;

    private static string Show(Diagnostic diagnostic) => $"{diagnostic.Id}: {diagnostic.GetMessage(null)}";
}
