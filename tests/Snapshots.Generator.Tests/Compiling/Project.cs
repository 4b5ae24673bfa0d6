using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Containerd.Snapshots.Tests.Generator.Compiling;

/// <summary>
/// A user's project in memory, under the strictest settings: nullable, every warning on and an error, documentation
/// checked.
/// </summary>
internal sealed record Project(params ImmutableArray<string> Sources)
{
    private const int EveryWarning = 9999;

    private static readonly string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Collections.Immutable;
        global using System.IO;
        global using System.Linq;
        global using System.Runtime.CompilerServices;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Containerd.Snapshots;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.Extensions.DependencyInjection;
        """;

    public LanguageVersion Language { get; init; } = LanguageVersion.Latest;

    public string Name { get; init; } = "User";

    public OutputKind Output { get; init; } = OutputKind.DynamicallyLinkedLibrary;

    public NullableContextOptions Nullable { get; init; } = NullableContextOptions.Enable;

    public bool CheckOverflow { get; init; }

    /// <summary>Whether global usings import the usual namespaces, which needs C# 10.</summary>
    public bool ImplicitUsings { get; init; } = true;

    public ImmutableArray<MetadataReference> MoreReferences { get; init; } = [];

    /// <summary>The settings for C# files in the project's .editorconfig.</summary>
    public string EditorConfig { get; init; } = "";

    public CSharpParseOptions ParseOptions => new(Language, DocumentationMode.Diagnose);

    public CSharpCompilation Compile() => CSharpCompilation.Create(
        Name,
        [.. (ImplicitUsings ? Sources.Add(GlobalUsings) : Sources).Select(Parse)],
        [.. References.All, .. MoreReferences],
        new CSharpCompilationOptions(
            Output,
            checkOverflow: CheckOverflow,
            nullableContextOptions: Nullable,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: EveryWarning,
            allowUnsafe: true).WithSyntaxTreeOptionsProvider(new EditorConfig(EditorConfig)));

    public Run Generate() => Run.Of(this);

    public SyntaxTree Parse(string source, int number) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"/{Name}{number}.cs");
}
