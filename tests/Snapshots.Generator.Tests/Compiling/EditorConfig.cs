using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Tests.Generator.Compiling;

/// <summary>Severities by rule, as an .editorconfig sets them.</summary>
internal sealed class EditorConfig(string lines) : SyntaxTreeOptionsProvider
{
    private readonly AnalyzerConfigSet _config =
        AnalyzerConfigSet.Create(new[] { AnalyzerConfig.Parse($"root = true\n[*.cs]\n{lines}", "/.editorconfig") });

    public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.Unknown;

    public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity) =>
        _config.GetOptionsForSourcePath(tree.FilePath).TreeOptions.TryGetValue(diagnosticId, out severity);

    public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
    {
        severity = default;
        return false;
    }
}
