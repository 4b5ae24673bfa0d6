using Containerd.Snapshots.Generator.Rules;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>The pages of the rules describe the rules.</summary>
internal sealed class RulePageTests
{
    private static readonly string[] Sections = ["Cause", "How to fix", "Bad example", "Good example", "When to suppress"];

    private static IEnumerable<DiagnosticDescriptor> All => Rules.All;

    [Test]
    public void There_is_a_page_for_each_rule_and_no_other() => Assert.That(
        Resource.Names(RulePage.Folder),
        Is.EquivalentTo(Rules.All.Select(each => $"{RulePage.Folder}{each.Id}.md").Append(RulePage.Table)));

    [Test]
    public void The_table_lists_each_rule() => Assert.That(
        Resource.Read(RulePage.Table).Split('\n').Where(line => line.StartsWith("| [", StringComparison.Ordinal)),
        Is.EqualTo(Rules.All.Select(each => $"| [{each.Id}]({each.Id}.md) | {Word(each.DefaultSeverity)} | {each.Title} |")));

    [TestCaseSource(nameof(All))]
    public void A_rule_links_to_its_page_if_the_build_knows_the_repository(DiagnosticDescriptor rule) =>
        Assert.That(rule.HelpLinkUri, Is.EqualTo(HelpLink.Of(HelpLink.Repository, rule.Id) ?? ""));

    [TestCase("https://example.test/repo")]
    [TestCase("https://example.test/repo/")]
    public void A_link_leads_to_the_page_in_the_repository(string repository) =>
        Assert.That(HelpLink.Of(repository, "SNAP0001"), Is.EqualTo($"https://example.test/repo/blob/main/docs/{RulePage.Folder}SNAP0001.md"));

    [Test]
    public void Without_a_repository_there_is_no_link() => Assert.That(HelpLink.Of("", "SNAP0001"), Is.Null);

    [TestCaseSource(nameof(All))]
    public void A_page_has_the_title_and_the_severity_of_its_rule(DiagnosticDescriptor rule)
    {
        var page = new RulePage(rule.Id);

        Assert.That((page.Title, page.Severity), Is.EqualTo(($"# {rule.Id}: {rule.Title}", Word(rule.DefaultSeverity))));
    }

    [TestCaseSource(nameof(All))]
    public void A_page_has_all_sections(DiagnosticDescriptor rule) =>
        Assert.That(new RulePage(rule.Id).Sections, Is.EqualTo(Sections));

    [TestCaseSource(nameof(All))]
    public void A_bad_example_breaks_only_its_rule(DiagnosticDescriptor rule) =>
        Assert.That(new RulePage(rule.Id).BadExample.Generate().All.Select(each => each.Id), Is.EqualTo(WithCompilerError(rule.Id)));

    [TestCaseSource(nameof(All))]
    public void A_good_example_breaks_no_rule(DiagnosticDescriptor rule)
    {
        var example = new RulePage(rule.Id).GoodExample;

        Assert.That(example.Sources, Has.All.Not.Empty);
        Assert.That(example.Generate().All, Is.Empty);
    }

    /// <summary>What is reported for a rule that helps with an error of the compiler.</summary>
    private static string[] WithCompilerError(string rule) => rule == "SNAP0058" ? ["CS0029", rule] : [rule];

    private static string Word(DiagnosticSeverity severity) => severity.ToString().ToLowerInvariant();
}
