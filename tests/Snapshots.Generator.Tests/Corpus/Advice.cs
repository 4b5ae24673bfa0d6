using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace Containerd.Snapshots.Tests.Generator.Corpus;

/// <summary>Does what a message says, as an author who reads nothing else. The first pattern that fits a message decides.</summary>
internal static class Advice
{
    private const string NameOfNoCall = "Other";

    private delegate IEnumerable<Edit> Reading(Edit edit, GroupCollection said);

    // Each alternative that a message offers is an edit of its own.
    private static readonly (string Pattern, Reading Follow)[] Table =
    [
        // Classes.
        ("remove 'static' from it and from its methods(?:, and write 'partial' before '.+')?$", (edit, _) => [edit.WithoutModifier("static").Partial()]),
        ("is abstract.*: remove 'abstract'(?:, and write 'partial' before '.+')?, or mark a derived class instead$",
            (edit, _) => [edit.Copy().WithoutModifier("abstract").Partial(), edit.MarkDerived()]),
        (@"remove 'file' from '(\w+)'(?:, and write 'partial' before '.+')?$", (edit, said) => [edit.In(said[1].Value).WithoutModifier("file").Partial()]),
        ("write 'partial' before '.+'$", (edit, _) => [edit.Partial()]),
        ("set <LangVersion>latest</LangVersion>, or remove the property$", (edit, _) => [edit]),
        ("write public methods named (.+?)(?:, and optionally (.+))?$", (edit, said) => [edit.Copy().Stubs(said[1].Value), edit.Stubs($"{said[1].Value}, {said[2].Value}")]),
        ("; write ([A-Z][A-Za-z, ]+)$", (edit, said) => [edit.Stubs(said[1].Value)]),
        (@"write ([A-Z][A-Za-z, ]+) in '(\w+)'(?:, and call one of them)?$", (edit, said) => [edit.In(said[2].Value).Stubs(said[1].Value)]),

        // Methods and other members.
        ("give it a name that is not a call's, or remove it$", (edit, _) => [edit.Copy().Rename(NameOfNoCall), edit.RemoveMember()]),
        ("write 'public'( and remove 'static')?, or give it a name that is not a call's$",
            (edit, said) => [said[1].Success ? edit.Copy().Public().WithoutModifier("static") : edit.Copy().Public(), edit.Rename(NameOfNoCall)]),
        ("remove 'static', or give it a name that is not a call's$", (edit, _) => [edit.Copy().WithoutModifier("static"), edit.Rename(NameOfNoCall)]),
        ("cannot be generic: remove '<.+?>'((?:, (?:write|remove) '.+?')*)(?:, and return (.+))?$", (edit, said) => edit.WithoutTypeParameters().Parameters(said[1].Value).Return(said[2].Value)),
        (@"remove '\[Conditional\]' from '(?:(\w+)\.)?\w+'$", (edit, said) => [edit.In(said[1].Value).WithoutAttribute("Conditional")]),
        (@"write 'public' before it, and remove '(.+)\.'$", (edit, _) => [edit.Implicit()]),
        (@"write a method '(\w+)' instead$", (edit, said) => [edit.ReplaceMember(said[1].Value)]),
        (@"looks like .*: write '(\w+)'$", (edit, said) => [edit.Rename(said[1].Value)]),

        // What a method returns.
        (@"has its result in '(\w+)'.*: remove '\w+'(?:, and return '(.+)')?$", (edit, said) => edit.RemoveParameter(said[1].Value).Return(said[2].Value)),
        (@"nothing calls '(\w+)': remove '\w+'(?:, and return them as (.+))?$", (edit, said) => edit.RemoveParameter(said[1].Value).Return(said[2].Value)),
        ("returns by reference: remove 'ref(?: readonly)?'$", (edit, _) => [edit.WithoutRef()]),
        ("is both an (.+) and an (.+): return one of these interfaces$", (edit, said) => edit.Return($"{said[1].Value} or {said[2].Value}")),
        (": return '(.+)', and throw a SnapshotterException if there is no answer$", (edit, said) => edit.Return(said[1].Value)),
        (": return '(.+)'$", (edit, said) => edit.Return(said[1].Value)),
        (": return ([^']+?)(?:, made with '.+')?$", (edit, said) => edit.Return(said[1].Value)),

        // Hosting.
        ("write 'where (.+) : (.+)'$", (edit, said) => [edit.Constrain(said[1].Value, said[2].Value)]),
        (@"^'([^']+)' is hosted .* write '\[Snapshotter\]' on the class(?:, and make it partial)?$", (edit, said) => [edit.In(said[1].Value).Mark()]),
        (@"write '\[Snapshotter\]' on the class(?:, and make it partial)?$", (edit, _) => [edit.Mark()]),

        // Fallbacks.
        (@"is already: keep the attribute on one of them$", (edit, _) => edit.WithoutOneOf("SnapshotterFallback")),
        (@": remove 'static'$", (edit, _) => [edit.WithoutModifier("static")]),
        (@"implement (\w+) in '(\w+)', and dispose '(\w+)' there$", (edit, said) => [edit.In(said[2].Value).Dispose(said[1].Value, said[3].Value)]),
        (@": write '\[Snapshotter\]' on '(\w+)', and make it partial, or remove '\[SnapshotterFallback\]'$",
            (edit, said) => [edit.Copy().WithoutAttribute("SnapshotterFallback"), edit.In(said[1].Value).Mark()]),
        (@": remove '\[SnapshotterFallback\]'$", (edit, _) => [edit.WithoutAttribute("SnapshotterFallback")]),

        // Parameters.
        ("which snapshot is meant: write '(.+)'$", (edit, said) => [edit.AddParameters(said[1].Value)]),
        (@"takes '(\w+)' and '(\w+)'.*: remove one of them$", (edit, said) => [edit.Copy().RemoveParameter(said[1].Value), edit.RemoveParameter(said[2].Value)]),
        ("(?:by reference|fixed number): remove '(ref|in|out|ref readonly|params)'$", (edit, said) => [edit.WithoutModifierOfParameter(said[1].Value)]),
        ("'__arglist' .*: remove it$", (edit, _) => [edit.RemoveParameter("__arglist")]),
        (@": remove '(\w+)'$", (edit, said) => [edit.RemoveParameter(said[1].Value)]),
        (": write '([^']+)'$", (edit, said) => [edit.WriteParameter(said[1].Value)]),
        (": write '([^']+)', or remove it$", (edit, said) => [edit.Copy().WriteParameter(said[1].Value), edit.RemoveParameter()]),
        (": remove it(?:, or write one of (.+))?$", (edit, said) => [edit.Copy().RemoveParameter(), .. edit.WriteOneOf(said[1].Value)]),
    ];

    /// <summary>The source after each way to follow a message.</summary>
    public static IReadOnlyList<string> Follow(string source, Diagnostic diagnostic)
    {
        var message = diagnostic.GetMessage(null);
        foreach (var (pattern, follow) in Table)
        {
            if (Regex.Match(message, pattern) is { Success: true } match)
                return [.. follow(new(source, diagnostic.Location.SourceSpan.Start, message), match.Groups).Select(edit => edit.ToString())];
        }

        return [];
    }
}
