using Containerd.Snapshots.Generator.CodeFixes.Editing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Containerd.Snapshots.Generator.CodeFixes.Returns;

/// <summary>A value that a method puts into a completed task.</summary>
/// <param name="Task">The expression that makes the task.</param>
/// <param name="Value">The value in it.</param>
internal sealed record TaskValue(ExpressionSyntax Task, ExpressionSyntax Value)
{
    /// <summary>The value in a task; null if the task comes from elsewhere.</summary>
    public static TaskValue? In(ExpressionSyntax task, FixPlace place)
    {
        var arguments = task switch
        {
            InvocationExpressionSyntax call when place.Model.GetSymbolInfo(call).Symbol is { Name: "FromResult", ContainingType: var type } && (place.Known?.IsTask(type) ?? false) => call.ArgumentList,
            BaseObjectCreationExpressionSyntax { Initializer: null } creation when (place.Known?.IsTask(place.Model.GetTypeInfo(creation).Type) ?? false) => creation.ArgumentList,
            _ => null,
        };

        return arguments?.Arguments is [{ Expression: var value }] ? new(task, value) : null;
    }

    /// <summary>Leaves only the value.</summary>
    public void Unwrap(DocumentEdit edit)
    {
        edit.Remove(new(Task.SpanStart, Value.SpanStart - Task.SpanStart));
        edit.Remove(new(Value.Span.End, Task.Span.End - Value.Span.End));
    }
}
