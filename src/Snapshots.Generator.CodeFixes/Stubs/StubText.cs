using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Generator.CodeFixes.Stubs;

/// <summary>A call as it is written before it does anything.</summary>
internal static class StubText
{
    /// <summary>The lines of a call's stub, without indentation.</summary>
    public static string[] Of(SnapshotterCall call, DocumentEdit edit, KnownTypes known, int position)
    {
        var exception = edit.NameOf(edit.Place.Model.Compilation.GetTypeByMetadataName("System.NotImplementedException")!, position);
        var parameters = call.Parameters
            .Where(each => each.Argument != Argument.Filters) // The same as the filter.
            .Select(each => $"{edit.NameOf(known.Of(each.Type)!, position)} {each.Name}");

        return
        [
            $"/// <summary>{Summary(call)}</summary>",
            $"public {ReturnType(call, edit, known, position)} {call.Name}({string.Join(", ", parameters)}) => throw new {exception}();",
        ];
    }

    private static string ReturnType(SnapshotterCall call, DocumentEdit edit, KnownTypes known, int position)
    {
        if (call.Payload == Payload.None)
            return "void";

        var annotated = (edit.Place.Model.GetNullableContext(position) & NullableContext.AnnotationsEnabled) != 0;
        var orNull = annotated && call.Payload is Payload.Info or Payload.Usage or Payload.Mounts ? "?" : "";
        return edit.NameOf(PayloadTypes.Of(call.Payload, known)!, position) + orNull;
    }

    private static string Summary(SnapshotterCall call) => call.Name switch
    {
        "Stat" => "Tells of a snapshot of any kind; null: there is none of this key.",
        "Update" => "Replaces the labels of a snapshot, or those that the field paths name, and tells of it; null: there is none.",
        "Usage" => "Measures what a snapshot takes up by itself, without its parents; null: there is none of this key.",
        "Mounts" => "Gives the mounts of an active snapshot or a view once more; null: there is none of this key.",
        "Prepare" => "Makes an active snapshot, writable, on a committed parent or, where that is empty, on nothing.",
        "View" => "Makes a read-only snapshot, which is never committed, on a committed parent or, where that is empty, on nothing.",
        "Commit" => "Makes the active snapshot of this key the committed one of this name; the labels replace its own.",
        "Remove" => "Removes a snapshot, whose key is free at once, unless others are made on it.",
        "Walk" => "Lists all snapshots that the filter matches, as Stat tells of each.",
        _ => "Frees the disk space of snapshots that are removed.",
    };
}
