using System.Collections.Generic;
using System.Linq;
using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Containerd.Snapshots.Generator.Shapes;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Parameters;

/// <summary>The parameters that a call could take besides the snapshot's names.</summary>
internal static class CallParameters
{
    /// <summary>The labels and the context, where the method does not take them.</summary>
    public static IEnumerable<CallParameter> Missing(CallShape call) => call.Call.Parameters
        .Where(each => each.Type == ParameterType.Labels)
        .Append(CallTable.Context)
        .Where(each => !call.Arguments.Contains(each));

    /// <summary>Adds a parameter, before the context and the token.</summary>
    public static void Add(CallParameter parameter, MethodDeclarationSyntax method, KnownTypes known, DocumentEdit edit)
    {
        var last = method.ParameterList.Parameters.LastOrDefault(each => !IsBelow(each, parameter, known, edit.Place));
        var text = $"{edit.NameOf(parameter.Type.In(known)!, method.ParameterList.SpanStart)} {parameter.Name}";
        ParameterInsertion.After(last, method.ParameterList, text, edit);
    }

    private static bool IsBelow(ParameterSyntax other, CallParameter parameter, KnownTypes known, FixPlace place)
    {
        var type = place.Model.GetDeclaredSymbol(other)?.Type;
        return KnownTypes.AreSame(type, known.CancellationToken) || (parameter != CallTable.Context && KnownTypes.AreSame(type, known.Context));
    }
}
