using System.Text.RegularExpressions;

namespace Containerd.Snapshots.Runtime.Filters;

/// <summary>Reads one filter: selectors, parted by commas.</summary>
/// <param name="text">The filter. An empty one has no selectors, and so matches everything.</param>
/// <param name="budget">What is left for regular expressions.</param>
internal ref struct FilterParser(string text, RegularExpressionBudget budget)
{
    private FilterScanner _scanner = new(text);

    /// <summary>What is wrong, after <see cref="TryParse"/> has failed.</summary>
    public readonly FilterError Error => _scanner.Error;

    public bool TryParse(out Selector[] selectors)
    {
        selectors = [];
        if (text.Length == 0)
            return true;

        if (!_scanner.TryAcceptCharacters())
            return false;

        var read = new List<Selector>();
        do
        {
            if (!TryReadSelector(out var selector))
                return false;

            read.Add(selector);
        }
        while (_scanner.TrySkip(','));

        selectors = [.. read];
        return _scanner.AtEnd || _scanner.Fail("only a comma, or nothing, may follow a selector");
    }

    private bool TryReadSelector(out Selector selector)
    {
        selector = default;
        if (!TryReadField(out var field))
            return false;

        if (_scanner.AtEnd || _scanner.Peek == ',')
        {
            selector = new(field, SelectorOperator.Present, null, null);
            return true;
        }

        return TryReadOperator(out var operation) && TryReadValue(field, operation, out selector);
    }

    private bool TryReadField(out SelectorField field)
    {
        field = default;
        var path = new List<string?>();
        do
        {
            if (!_scanner.TryReadFieldPart(out var part))
                return false;

            path.Add(part);
        }
        while (_scanner.TrySkip('.'));

        field = SelectorField.At(path);
        return true;
    }

    private bool TryReadOperator(out SelectorOperator operation)
    {
        var read = _scanner.ReadOperator();
        operation = read switch
        {
            "==" => SelectorOperator.Equal,
            "!=" => SelectorOperator.NotEqual,
            "~=" => SelectorOperator.Matches,
            _ => SelectorOperator.Present,
        };

        if (operation != SelectorOperator.Present)
            return true;

        return read.IsEmpty
            ? _scanner.Fail("expected an operator: ==, != or ~=")
            : _scanner.Fail($"unknown operator {FilterErrorText.Quote(read)}: expected ==, != or ~=", -read.Length);
    }

    private bool TryReadValue(SelectorField field, SelectorOperator operation, out Selector selector)
    {
        selector = default;
        if (operation != SelectorOperator.Matches)
        {
            if (!_scanner.TryReadValue(anyQuote: false, out var value))
                return false;

            selector = new(field, operation, value, null);
            return true;
        }

        _scanner.SkipSpace();
        var start = _scanner.Position;
        if (!_scanner.TryReadValue(anyQuote: true, out var pattern))
            return false;

        if (!budget.TryCompile(pattern, out Regex? regex))
            return _scanner.Fail("the list's regular expressions are too large", start - _scanner.Position);

        selector = new(field, operation, null, regex);
        return true;
    }
}
