using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Stubs;

/// <summary>The text of a stub.</summary>
internal static class StubText
{
    /// <summary>The lines of a stub, without indentation.</summary>
    public static string[] Of(Stub stub, DocumentEdit edit, KnownTypes known, int position)
    {
        var exception = edit.NameOf(edit.Place.Model.Compilation.GetTypeByMetadataName("System.NotImplementedException")!, position);
        var parameters = stub.Parameters.Select(each => $"{edit.NameOf(each.Type, position)} {each.Name}");

        return
        [
            $"/// <summary>{stub.Call.Summary}</summary>",
            $"public {ReturnType(stub, edit, known, position)} {stub.Name}({string.Join(", ", parameters)}) => throw new {exception}();",
        ];
    }

    private static string ReturnType(Stub stub, DocumentEdit edit, KnownTypes known, int position)
    {
        if (stub.Call.Payload == Payload.None)
            return stub.IsAsync ? edit.NameOf(known.Task!, position) : "void";

        var payload = stub.Call.Payload.WrittenType(known)!;
        var nullability = stub.Call.Payload.NullIsNotFound ? NullableAnnotation.Annotated : NullableAnnotation.NotAnnotated;
        var type = payload.WithNullableAnnotation(nullability);
        return edit.NameOf(stub.IsAsync ? ((INamedTypeSymbol)known.TaskOfT!).Construct([type], [nullability]) : type, position);
    }
}
