using System.Composition;
using System.Reflection;
using Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing;
using Containerd.Snapshots.Tests.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Workspace = Containerd.Snapshots.Tests.Generator.CodeFixes.Fixing.Workspace;

namespace Containerd.Snapshots.Tests.Generator.CodeFixes;

/// <summary>All fixes together, and the rules' pages.</summary>
internal sealed class ProviderTests
{
    private const string Offer = "An editor offers to ";

    /// <summary>Rules that only the author can decide how to fix.</summary>
    private static readonly string[] Unfixed =
    [
        "SNAP0001", "SNAP0002", "SNAP0003", "SNAP0006", "SNAP0010", "SNAP0013", "SNAP0014", "SNAP0015", "SNAP0016",
        "SNAP0026", "SNAP0027", "SNAP0028", "SNAP0029", "SNAP0034", "SNAP0043", "SNAP0044", "SNAP0053", "SNAP0059",
        "SNAP0062", "SNAP0067",
    ];

    private static IEnumerable<CodeFixProvider> All => Providers.OfFixes;

    private static IEnumerable<string> Fixed => Rules.All.Select(each => each.Id).Except(Unfixed);

    // The example of SNAP0050 is a call that is not async: its return type must change first.
    private static IEnumerable<string> FixedInPages => Fixed.Except(["SNAP0050"]);

    private static IEnumerable<string> Ids => Rules.All.Select(each => each.Id);

    [Test]
    public void Each_rule_has_the_fixes_of_one_provider_or_none() =>
        Assert.That(All.SelectMany(each => each.FixableDiagnosticIds).Order(StringComparer.Ordinal), Is.EqualTo(Fixed));

    [TestCaseSource(nameof(All))]
    public void A_provider_is_exported_under_its_name_and_fixes_all_at_once(CodeFixProvider provider)
    {
        var type = provider.GetType();
        var export = type.GetCustomAttribute<ExportCodeFixProviderAttribute>();

        Assert.That(type.IsPublic && type.GetCustomAttribute<SharedAttribute>() is not null);
        Assert.That((export?.Name, export?.Languages), Is.EqualTo((type.Name, new[] { LanguageNames.CSharp })));
        Assert.That(
            provider.GetFixAllProvider()?.GetSupportedFixAllScopes(),
            Is.SupersetOf(new[] { FixAllScope.Document, FixAllScope.Project, FixAllScope.Solution }));
    }

    [TestCaseSource(nameof(Ids))]
    public void A_page_says_what_an_editor_offers(string rule) => Assert.That(
        new RulePage(rule).Remedy.Contains(Offer, StringComparison.Ordinal), Is.EqualTo(!Unfixed.Contains(rule)));

    /// <summary>Each offered fix removes all diagnostics from a page's bad example.</summary>
    [TestCaseSource(nameof(FixedInPages))]
    public async Task A_bad_example_is_fixed(string rule)
    {
        var provider = All.Single(each => each.FixableDiagnosticIds.Contains(rule));
        var outcomes = await new Fix(provider).OutcomesAsync(Workspace.Open(new RulePage(rule).BadExample), rule);

        Assert.That(outcomes, Is.Not.Empty);
        foreach (var (title, outcome) in outcomes)
            Assert.That(await Workspace.AnalyzeAsync(outcome), Is.Empty, title);
    }

    [TestCaseSource(nameof(Ids))]
    public async Task Half_typed_code_crashes_no_fix(string rule)
    {
        var source = new RulePage(rule).BadExample.Sources[0];
        var body = source.IndexOf("[Snapshotter]", StringComparison.Ordinal) is var marked and >= 0 ? marked : 0;

        for (var cut = 1; cut <= 3; cut++)
        {
            var project = Workspace.Open(new(source[..(body + ((source.Length - body) * cut / 4))]));
            foreach (var diagnostic in await Workspace.AnalyzeAsync(project))
            {
                foreach (var provider in All.Where(each => each.FixableDiagnosticIds.Contains(diagnostic.Id)))
                    await new Fix(provider).TryAsync(project, diagnostic);
            }
        }
    }
}
