using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.Shapes;

/// <summary>An attribute of a call that makes the compiler warn where the call is used, which is in emitted code.</summary>
/// <param name="Attribute">The attribute.</param>
/// <param name="Warning">The id of the warning.</param>
/// <param name="Better">What to do with the attribute.</param>
internal sealed record Requirement(AttributeData Attribute, string Warning, string Better)
{
    private const string Move = "move it to a helper, and decide where you call that";

    /// <summary>The name of the attribute, as code writes it.</summary>
    public string Name => Attribute.AttributeClass!.Name.Replace("Attribute", "");

    /// <summary>The requirements of a method.</summary>
    public static IEnumerable<Requirement> Of(IMethodSymbol method) => method.GetAttributes().Select(Of).OfType<Requirement>();

    private static Requirement? Of(AttributeData attribute) => attribute.AttributeClass?.ToDisplayString() switch
    {
        "System.Diagnostics.CodeAnalysis.RequiresUnreferencedCodeAttribute" => new(attribute, "IL2026", Move),
        "System.Diagnostics.CodeAnalysis.RequiresDynamicCodeAttribute" => new(attribute, "IL3050", Move),
        "System.Diagnostics.CodeAnalysis.RequiresAssemblyFilesAttribute" => new(attribute, "IL3002", Move),
        "System.Runtime.Versioning.RequiresPreviewFeaturesAttribute" => new(attribute, "CA2252", "move it to the class"),
        _ => null,
    };
}
