using Containerd.Snapshots.Generator.Emit;
using Containerd.Snapshots.Generator.Models;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator;

/// <summary>
/// Adds a part to each class marked <c>[Snapshotter]</c>: the interface that hosts use, and the service that answers
/// containerd's calls with its methods. The analyzers report what is wrong with a class.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class SnapshotterGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step that reads the models of marked classes.</summary>
    public const string Snapshotters = nameof(Snapshotters);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var snapshotters = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                KnownTypes.SnapshotterAttribute,
                static (node, _) => node is ClassDeclarationSyntax or RecordDeclarationSyntax,
                ModelReader.Read)
            .WithTrackingName(Snapshotters);

        context.RegisterSourceOutput(snapshotters, static (output, model) =>
        {
            if (model is not null)
                output.AddSource(model.HintName, SnapshotterEmitter.Emit(model));
        });
    }
}
