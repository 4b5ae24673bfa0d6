using Containerd.Snapshots.Tests.Generator.Compiling;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Tests.Generator.Diagnostics;

/// <summary>Each rule can be suppressed and its severity set, like the compiler's own.</summary>
internal sealed class SuppressionTests
{
    private static IEnumerable<string> Ids => Rules.All.Select(each => each.Id);

    [TestCaseSource(nameof(Ids))]
    public void A_pragma_suppresses_a_rule(string rule)
    {
        var example = new RulePage(rule).BadExample;

        var run = (example with { Sources = [$"#pragma warning disable {rule}\n{example.Sources[0]}"] }).Generate();

        Assert.That(run.OfAnalyzers, Is.Empty);
    }

    [TestCaseSource(nameof(Ids))]
    public void An_editorconfig_suppresses_a_rule(string rule) => Assert.That(Severities(rule, "none"), Is.Empty);

    [TestCaseSource(nameof(Ids))]
    public void An_editorconfig_lowers_a_rule_to_a_suggestion(string rule) =>
        Assert.That(Severities(rule, "suggestion"), Is.EqualTo([DiagnosticSeverity.Info]));

    [TestCaseSource(nameof(Ids))]
    public void An_editorconfig_raises_a_rule_to_an_error(string rule) =>
        Assert.That(Severities(rule, "error"), Is.EqualTo([DiagnosticSeverity.Error]));

    [Test]
    public void A_pragma_ends_where_the_rule_is_restored()
    {
        var run = new Project("""
            [Snapshotter]
            internal partial class Example
            {
            #pragma warning disable SNAP0022
                public void Remove(string Key) { }
            #pragma warning restore SNAP0022
                public void Commit(string Name, string key) { }
            }
            """).Generate();

        Assert.That(run.OfAnalyzers.Select(each => each.Location.SourceSpan.Length), Is.EqualTo(["Name".Length]));
    }

    private static IEnumerable<DiagnosticSeverity> Severities(string rule, string severity)
    {
        var example = new RulePage(rule).BadExample with { EditorConfig = $"dotnet_diagnostic.{rule}.severity = {severity}" };

        return example.Generate().OfAnalyzers.Select(each => each.Severity);
    }
}
