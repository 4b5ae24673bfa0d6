using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>A call that can become async: its return type then becomes a task.</summary>
internal sealed class AsyncMethod
{
    private readonly IReadOnlyList<MethodDeclarationSyntax> _parts;
    private readonly ITypeSymbol _type;

    private AsyncMethod(IReadOnlyList<MethodDeclarationSyntax> parts, ITypeSymbol type) => (_parts, _type) = (parts, type);

    /// <summary>The call that contains a diagnostic; null if it cannot become async.</summary>
    public static AsyncMethod? At(Diagnostic diagnostic, FixPlace place) => Of(place.MethodAt(diagnostic), place);

    /// <summary>A method; null if it cannot become async.</summary>
    public static AsyncMethod? Of(IReadOnlyList<MethodDeclarationSyntax> parts, FixPlace place)
    {
        if (parts.Count == 0 || parts.Any(MustStaySynchronous) || place.Known is not { } known)
            return null;

        var method = place.Model.GetDeclaredSymbol(parts[0])!;
        return Signature.IsOwn(method) && new ReturnTypes(known, place.Model.Compilation).OfAsync(method.ReturnType) is { } type ? new(parts, type) : null;
    }

    /// <summary>Makes it async.</summary>
    public void Write(DocumentEdit edit)
    {
        edit.Retype(_parts, _type);
        foreach (var part in _parts.Where(each => each.Body is not null || each.ExpressionBody is not null))
            AddModifier(part, edit);
    }

    /// <summary>Adds <c>async</c> to a method.</summary>
    public static void AddModifier(MethodDeclarationSyntax method, DocumentEdit edit) =>
        edit.Insert((PartialOf(method) ?? method.ReturnType.GetFirstToken()).SpanStart, "async ");

    /// <summary>Unsafe code cannot await, and an async iterator returns another kind of sequence.</summary>
    private static bool MustStaySynchronous(MethodDeclarationSyntax method) => method.Modifiers.Any(SyntaxKind.UnsafeKeyword) || ReturnedValues.AreYielded(method);

    private static SyntaxToken? PartialOf(MethodDeclarationSyntax method) =>
        method.Modifiers.Where(each => each.IsKind(SyntaxKind.PartialKeyword)).Select(each => (SyntaxToken?)each).FirstOrDefault();
}
