using System.Collections.Generic;
using System.Composition;
using System.Linq;
using System.Threading;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Stubs;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeRefactorings;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Containerd.Snapshots.Generator.CodeFixes.Fixes;

/// <summary>Offers, at the attribute of a fallback, to answer one of its calls in the class, with a method that forwards to it.</summary>
[ExportCodeRefactoringProvider(LanguageNames.CSharp, Name = nameof(AnswerCallRefactoringProvider)), Shared]
public sealed class AnswerCallRefactoringProvider : RefactoringProvider
{
    private protected override string GroupTitle => "Answer a call of the fallback here";

    private protected override IEnumerable<Offer> Offers(FixPlace place, TextSpan span, CancellationToken cancellationToken)
    {
        if (place.Known is not { } known
            || place.AttributeAt(span.Start, known.Fallback) is not { Parent.Parent: MemberDeclarationSyntax { Parent: TypeDeclarationSyntax type } }
            || place.Model.GetDeclaredSymbol(type, cancellationToken) is not { TypeKind: TypeKind.Class } symbol
            || !known.IsMarked(symbol)
            || SnapshotterShape.Of(symbol, known, cancellationToken).Fallback is not { } fallback
            || !SymbolEqualityComparer.Default.Equals(fallback.Member.ContainingType, symbol))
        {
            return [];
        }

        return Methods(fallback, known, cancellationToken).Select(shape => new Offer(shape.Call.Name, $"Answer {shape.Call.Name} here", edit =>
            StubWriter.Write(type, [ForwardText.Of(shape.Method, fallback.Member, edit, type.Identifier.SpanStart)], edit)));
    }

    /// <summary>The methods that can be called: a snapshotter may pass its own calls on to members that others cannot see.</summary>
    private static IEnumerable<CallShape> Methods(Fallback fallback, KnownTypes known, CancellationToken cancellationToken) => fallback.IsSnapshotter
        ? SnapshotterShape.Of(fallback.Type, known, cancellationToken).Calls.Where(shape => fallback.Answered.Contains(shape.Call))
        : fallback.Calls;
}
