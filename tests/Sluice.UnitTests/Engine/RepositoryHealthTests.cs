using Sluice.Engine.Runs;
using Sluice.Posix;
using Sluice.Repositories;
using Xunit;

namespace Sluice.UnitTests.Engine;

public sealed class RepositoryHealthTests
{
    private const int Limit = 3;

    [Theory]
    [InlineData(RepositoryErrorCode.BucketNotFound, 1, "does not exist")]
    [InlineData(RepositoryErrorCode.CredentialsRefused, 1, "clock")]
    [InlineData(RepositoryErrorCode.Full, 1, "Make room")]
    [InlineData(RepositoryErrorCode.Unavailable, Limit, "Check its endpoint")]
    [InlineData(RepositoryErrorCode.Throttled, Limit, "engine.concurrency")]
    public void A_repository_that_fails_every_file_ends_the_task_with_advice(RepositoryErrorCode code, int failures, string advice)
    {
        var health = new RepositoryHealth(Limit);
        for (var i = 1; i < failures; i++) health.Report(Failure(code));
        Assert.Null(health.GiveUpReason);

        health.Report(Failure(code));

        Assert.Contains(advice, health.GiveUpReason, StringComparison.Ordinal);
        Assert.Contains("what happened", health.GiveUpReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.EROFS, 1, "read-only")]
    [InlineData(Errno.ENOSPC, Limit, "Make room")]
    [InlineData(Errno.EIO, Limit, "Check its disk")]
    [InlineData(Errno.EMFILE, Limit, "ulimit -n")]
    public void What_every_further_file_would_meet_ends_the_task_with_advice(Errno errno, int failures, string advice)
    {
        var health = new RepositoryHealth(Limit);
        for (var i = 1; i < failures; i++) health.Report(new PosixException(errno, "pread"));
        Assert.Null(health.GiveUpReason);

        health.Report(new PosixException(errno, "pread"));

        Assert.Contains(advice, health.GiveUpReason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_was_done_in_between_shows_that_others_can_be()
    {
        var health = new RepositoryHealth(Limit);
        for (var i = 0; i < 3 * Limit; i++)
        {
            health.Report(Failure(RepositoryErrorCode.Unavailable));
            health.Report(new PosixException(Errno.EIO, "pread"));
            health.ReportSuccess();
        }

        Assert.Null(health.GiveUpReason);
    }

    [Theory]
    [InlineData(RepositoryErrorCode.AccessDenied)]
    [InlineData(RepositoryErrorCode.NotFound)]
    [InlineData(RepositoryErrorCode.ChecksumMismatch)]
    [InlineData(RepositoryErrorCode.PreconditionFailed)]
    public void What_may_be_one_files_fault_never_ends_the_task(RepositoryErrorCode code)
    {
        var health = new RepositoryHealth(Limit);
        for (var i = 0; i < 10 * Limit; i++) health.Report(Failure(code));
        Assert.Null(health.GiveUpReason);
    }

    private static RepositoryException Failure(RepositoryErrorCode code) => new(code, "what happened", isTransient: false);
}
