using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.Analyzers;

/// <summary>Finds the name of a used member, without the expression before it.</summary>
internal static class MemberName
{
    /// <summary>The name of the method that an invocation calls, or of the property that is read.</summary>
    public static SyntaxNode In(SyntaxNode syntax) => ((syntax as InvocationExpressionSyntax)?.Expression ?? syntax) switch
    {
        MemberAccessExpressionSyntax access => access.Name,
        MemberBindingExpressionSyntax binding => binding.Name, // After ?.
        var name => name,
    };
}
