using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Containerd.Snapshots.Generator.Cancellation;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Cancellation;

/// <summary>A cancellation token that a call could take but does not.</summary>
internal sealed class MissingToken
{
    private readonly IReadOnlyList<MethodDeclarationSyntax> _parts;
    private readonly ITypeSymbol _type;

    private MissingToken(IReadOnlyList<MethodDeclarationSyntax> parts, ITypeSymbol type) => (_parts, _type) = (parts, type);

    /// <summary>The missing token of the call that a diagnostic is about; null if the call cannot get one.</summary>
    public static MissingToken? At(Diagnostic diagnostic, FixPlace place) => Of(place.MethodAt(diagnostic), place);

    /// <summary>The missing token of a method; null if the method cannot get one.</summary>
    public static MissingToken? Of(IReadOnlyList<MethodDeclarationSyntax> parts, FixPlace place) =>
        parts.Count > 0 && place.Known is { CancellationToken: { } type } && TokenParameter.CanBeAdded(parts, place)
            && Signature.IsOwn((IMethodSymbol)place.Model.GetDeclaredSymbol(parts[0])!)
            ? new(parts, type)
            : null;

    /// <summary>Adds it as a parameter, and passes it to all work that takes one.</summary>
    public async Task AddAsync(DocumentEdit edit, CancellationToken cancellationToken)
    {
        await TokenParameter.AddAsync(_parts, _type, edit, cancellationToken).ConfigureAwait(false);
        TokenPassing.Write(_parts.SelectMany(part => TokenPassing.Gaps(part, edit.Place)), TokenParameter.Name, edit);
    }
}
