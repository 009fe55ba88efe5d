using Sluice.Hydrator.Hydration;
using Sluice.TestKit;
using Xunit;

namespace Sluice.UnitTests.Hydrator;

/// <summary>What a worker notes of the events it has taken.</summary>
public sealed class EventJournalTests
{
    [Fact]
    public async Task What_was_not_answered_is_found_by_the_next_worker()
    {
        await using var temp = TempDirectory.Create();
        byte[] handle = [.. Enumerable.Range(1, 136).Select(i => (byte)i)];
        using (var journal = EventJournal.Open(temp["journal"]))
        {
            Assert.Empty(journal.Read());
            journal.Set(0, handle);
            journal.Set(43, [1, 2, 3]);
            journal.Set(44, handle);
            journal.Clear(44);
            journal.Set(16383, [4]);
        }

        using var next = EventJournal.Open(temp["journal"]);
        Assert.Equal([$"0 {Convert.ToHexString(handle)}", "43 010203", "16383 04"], Entries(next));
        Assert.True(next.IsKept);
    }

    [Fact]
    public async Task What_does_not_fit_is_not_noted()
    {
        await using var temp = TempDirectory.Create();
        using var journal = EventJournal.Open(temp["journal"]);

        journal.Set(16384, [1]);
        journal.Set(1, new byte[137]);
        journal.Clear(16384);

        Assert.Empty(journal.Read());
    }

    [Fact]
    public async Task On_a_full_disk_it_is_kept_in_memory()
    {
        await using var temp = TempDirectory.Create();
        Directory.CreateDirectory(temp["full"]);
        await using var mount = await Mount.TmpfsAsync(temp["full"], bytes: 65536);

        using var journal = EventJournal.Open(temp["full/journal"]);
        journal.Set(1, [1]);

        Assert.False(journal.IsKept);
        Assert.Equal(["1 01"], Entries(journal));
    }

    private static IEnumerable<string> Entries(EventJournal journal) => journal.Read().Select(entry => $"{entry.Number} {Convert.ToHexString(entry.Handle)}");
}
