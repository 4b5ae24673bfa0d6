namespace Containerd.Snapshots.Tests.Filters;

public class FilterErrorTests
{
    [TestCase(" ", 2, "expected a field")]
    [TestCase("-name", 1, "expected a field")]
    [TestCase("labels.", 8, "expected a field")]
    [TestCase("name==a,", 9, "expected a field")]
    [TestCase("labels.|a|", 8, "| quotes only regular expressions")]
    [TestCase("name ", 6, "expected an operator")]
    [TestCase("name a", 6, "expected an operator")]
    [TestCase("labels .a", 8, "expected an operator")]
    [TestCase("name===a", 5, "unknown operator \"===\"")]
    [TestCase("name=a", 5, "unknown operator \"=\"")]
    [TestCase("name==", 7, "expected a value")]
    [TestCase("name==.a", 7, "expected a value")]
    [TestCase("name== ,a", 8, "expected a value")]
    [TestCase("name==/a/", 7, "/ quotes only regular expressions")]
    [TestCase("name==a ", 8, "expected a comma or the end")]
    [TestCase("name==\"a\"b", 10, "expected a comma or the end")]
    [TestCase("name~=/a/b/", 10, "expected a comma or the end")]
    [TestCase("name==a\u200bb", 8, "expected a comma or the end")]
    [TestCase("name==\"a", 9, "expected a closing \"")]
    [TestCase("name==\"a\nb\"", 9, "expected a closing \"")]
    [TestCase("name==\"a\\", 9, "not a valid escape")]
    [TestCase("name==\"a\\q\"", 9, "not a valid escape")]
    [TestCase("name==\"a\\'\"", 9, "not a valid escape")]
    [TestCase("name==\"\\400\"", 8, "not a valid escape")]
    [TestCase("name==\"\\181\"", 8, "not a valid escape")]
    [TestCase("name==\"\\x@1\"", 8, "not a valid escape")]
    [TestCase("name==\"\\x41", 12, "expected a closing \"")]
    [TestCase("name==\"\\U7fffffff\"", 8, "not a valid escape")]
    [TestCase("name==\"\\x4\"", 8, "not a valid escape")]
    [TestCase("name==\"\\U00110000\"", 8, "not a valid escape")]
    [TestCase("name~=/a", 9, "expected a closing /")]
    [TestCase("name==a\0", 8, "NUL")]
    [TestCase("\0name==a", 1, "NUL")]
    [TestCase("name==\"\ufffd\"", 8, "U+FFFD")]
    public void An_error_names_the_column_and_the_reason(string filter, int column, string reason)
    {
        var isRead = SnapshotFilter.TryParse([filter], out var none, out var error);

        Assert.That(isRead, Is.False);
        Assert.That(none, Is.Null);
        Assert.That(error, Does.Contain($", column {column}: ").And.Contain(reason));
    }

    [Test]
    public void Half_a_surrogate_pair_is_refused()
    {
        // No test case: runners write names as UTF-8, which cannot hold it.
        var error = ErrorOf("name==😀\ud83d!");

        Assert.That(error, Does.Contain("column 9").And.Contain("surrogate"));
    }

    [Test]
    public void An_error_names_the_filter() =>
        Assert.That(
            () => SnapshotFilter.Parse("name==a", "name==a b"),
            Throws.TypeOf<SnapshotterException>()
                .With.Property(nameof(SnapshotterException.Error)).EqualTo(SnapshotterError.InvalidArgument)
                .And.Message.EqualTo("filter 2 (\"name==a b\"), column 8: expected a comma or the end after a selector"));

    [Test]
    public void An_error_shows_a_long_filter_in_part()
    {
        var error = ErrorOf($"name=={new string('a', 1000)} {new string('b', 1000)}");

        Assert.That(error, Does.StartWith($"filter 1 (\"...{new string('a', 40)} {new string('b', 39)}...\"), column 1007: "));
    }

    [Test]
    public void An_error_shows_the_start_and_the_end_of_a_filter_where_they_are_near()
    {
        var start = $"name=={new string('a', 34)}";
        var end = $" {new string('b', 39)}";

        Assert.That(ErrorOf($"{start}{end}"), Does.StartWith($"filter 1 (\"{start}{end}\"), column 41: "));
    }

    [TestCase(40, "")]
    [TestCase(41, "...")]
    public void An_error_shows_a_long_operator_in_part(int length, string rest) =>
        Assert.That(ErrorOf($"name{new string('=', length)}"), Does.Contain($"unknown operator \"{new string('=', 40)}{rest}\": "));

    [Test]
    public void An_error_breaks_no_line() =>
        Assert.That(
            () => SnapshotFilter.Parse("name\n\x1b[31m"),
            Throws.TypeOf<SnapshotterException>().With.Message.StartsWith("filter 1 (\"name??[31m\")"));

    private static string ErrorOf(string filter) => SnapshotFilter.TryParse([filter], out _, out var error) ? "" : error;
}
