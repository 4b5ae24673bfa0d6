namespace Containerd.Snapshots.Tests.Filters;

public class ContainerdAnswersTests
{
    [TestCaseSource(typeof(ContainerdAnswers), nameof(ContainerdAnswers.Cases))]
    public void The_answer_equals_containerd_s(string[] filters, bool isMalformed, int[] matches)
    {
        var isRead = SnapshotFilter.TryParse(filters, out var filter, out var error);

        Assert.That(isRead, Is.EqualTo(!isMalformed), $"{string.Join(" OR ", filters)}: {error}");
        if (filter is not null)
            Assert.That(MatchesOf(filter), Is.EqualTo(matches), string.Join(" OR ", filters));
    }

    private static IEnumerable<int> MatchesOf(SnapshotFilter filter) =>
        Enumerable.Range(0, ContainerdAnswers.Infos.Count).Where(index => filter.Matches(ContainerdAnswers.Infos[index]));
}
