using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Stubs;

/// <summary>The text of a stub.</summary>
internal static class StubText
{
    /// <summary>The lines of a call's stub, without indentation.</summary>
    public static string[] Of(SnapshotterCall call, DocumentEdit edit, KnownTypes known, int position)
    {
        var exception = edit.NameOf(edit.Place.Model.Compilation.GetTypeByMetadataName("System.NotImplementedException")!, position);
        var parameters = call.Parameters
            .Where(each => !each.IsFilter || each == call.Parameters[0]) // One form of the filter.
            .Select(each => $"{edit.NameOf(each.Type.In(known)!, position)} {each.Name}");

        return
        [
            $"/// <summary>{call.Summary}</summary>",
            $"public {ReturnType(call, edit, known, position)} {call.Name}({string.Join(", ", parameters)}) => throw new {exception}();",
        ];
    }

    private static string ReturnType(SnapshotterCall call, DocumentEdit edit, KnownTypes known, int position)
    {
        if (call.Payload == Payload.None)
            return "void";

        var annotated = (edit.Place.Model.GetNullableContext(position) & NullableContext.AnnotationsEnabled) != 0;
        var orNull = annotated && call.Payload.NullIsNotFound ? "?" : "";
        return edit.NameOf(call.Payload.WrittenType(known)!, position) + orNull;
    }
}
