using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.CodeFixes.Stubs;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Fallbacks;

/// <summary>Makes a class disposable, to dispose its fallback.</summary>
internal static class Disposal
{
    public static void Write(FallbackMember member, ITypeSymbol disposable, bool isAsync, KnownTypes known, DocumentEdit edit)
    {
        var type = member.Class;
        var name = edit.NameOf(disposable, type.Identifier.SpanStart);
        if (type.BaseList is { } list)
            edit.Insert(list.Types.Last().Span.End, $", {name}");
        else
            edit.Insert(EndOfName(type), $" : {name}");

        StubWriter.Write(type, [[isAsync ? Asynchronous(member, known, edit) : Synchronous(member)]], edit);
    }

    private static string Asynchronous(FallbackMember member, KnownTypes known, DocumentEdit edit)
    {
        var task = edit.NameOf(known.ValueTask!, member.Class.Identifier.SpanStart);
        return $"public {task} DisposeAsync() => {member.Name}{(member.CanBeNull ? "?.DisposeAsync() ?? default" : ".DisposeAsync()")};";
    }

    private static string Synchronous(FallbackMember member) => $"public void Dispose() => {member.Name}{(member.CanBeNull ? "?" : "")}.Dispose();";

    private static int EndOfName(TypeDeclarationSyntax type) =>
        type.ParameterList?.Span.End ?? type.TypeParameterList?.Span.End ?? type.Identifier.Span.End;
}
