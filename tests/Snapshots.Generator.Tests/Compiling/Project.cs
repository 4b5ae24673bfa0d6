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

    private static readonly CSharpCompilation Empty = CSharpCompilation.Create("User", references: References.All);

    public LanguageVersion Language { get; init; } = LanguageVersion.Latest;

    public string Name { get; init; } = Empty.AssemblyName!;

    public OutputKind Output { get; init; } = OutputKind.DynamicallyLinkedLibrary;

    public NullableContextOptions Nullable { get; init; } = NullableContextOptions.Enable;

    public bool CheckOverflow { get; init; }

    /// <summary>Whether global usings import the usual namespaces, which needs C# 10.</summary>
    public bool ImplicitUsings { get; init; } = true;

    public ImmutableArray<MetadataReference> MoreReferences { get; init; } = [];

    /// <summary>The settings for C# files in the project's .editorconfig.</summary>
    public string EditorConfig { get; init; } = "";

    public CSharpParseOptions ParseOptions => new(Language, DocumentationMode.Diagnose);

    /// <summary>The compilation. Those with the usual name and references share what the compiler read of them, which saves most of the time.</summary>
    public CSharpCompilation Compile() => (MoreReferences.IsEmpty ? Empty : Empty.AddReferences(MoreReferences))
        .WithAssemblyName(Name)
        .WithOptions(new CSharpCompilationOptions(
            Output,
            checkOverflow: CheckOverflow,
            nullableContextOptions: Nullable,
            generalDiagnosticOption: ReportDiagnostic.Error,
            warningLevel: EveryWarning,
            allowUnsafe: true).WithSyntaxTreeOptionsProvider(new EditorConfig(EditorConfig)))
        .AddSyntaxTrees((ImplicitUsings ? Sources.Add(GlobalUsings) : Sources).Select(Parse));

    public Run Generate() => Run.Of(this);

    public SyntaxTree Parse(string source, int number) => CSharpSyntaxTree.ParseText(source, ParseOptions, $"/{Name}{number}.cs");
}
