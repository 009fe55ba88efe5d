using Sluice.Protocol.Constraints;
using Sluice.Protocol.Faults;
using Sluice.Protocol.Operations;
using Xunit;

namespace Sluice.UnitTests.Protocol;

/// <summary>Sluice's own operations: beside the service model's, never among them.</summary>
public sealed class SluiceOperationsTests
{
    [Theory]
    [InlineData("CreateRestoreTask")]
    [InlineData("DescribeTasks")]
    [InlineData("ResolvePaths")]
    public void Each_has_a_target_and_an_action_of_its_own(string name)
    {
        var operation = OperationTable.FromTarget($"Sluice_20261125.{name}");

        Assert.Equal((name, $"sluice:{name}", true, true), (operation.Name, operation.Action, operation.IsOwn, operation.IsInScope));
        Assert.DoesNotContain(OperationTable.All, row => row.Name == name);
    }

    [Theory]
    [InlineData("Sluice_20261125.DescribeFileSystems")]
    [InlineData("Sluice_20261125.")]
    [InlineData("Sluice_20180301.CreateRestoreTask")]
    [InlineData("AWSSimbaAPIService_v20180301.CreateRestoreTask")]
    public void Any_other_target_is_an_unknown_operation(string target) =>
        Assert.Equal("UnknownOperationException", Assert.Throws<FrameworkFault>(() => OperationTable.FromTarget(target)).Code);

    [Fact]
    public void The_models_operations_keep_their_actions() =>
        Assert.All(OperationTable.All, row => Assert.Equal(($"fsx:{row.Name}", $"AWSSimbaAPIService_v20180301.{row.Name}"), (row.Action, row.Target)));

    [Theory]
    [InlineData("""{"FileSystemId":"fs-0123456789abcdef0","Paths":["a\nb",""]}""", null)]
    [InlineData("""{"FileSystemId":"fs-0123456789abcdef0","Paths":["a\u0000b"]}""", "paths.1.member")]
    [InlineData("""{"Paths":[]}""", "fileSystemId")]
    [InlineData("""{"FileSystemId":"fs-0123456789abcdef0","ClientRequestToken":""}""", "clientRequestToken")]
    public void A_request_is_held_to_its_constraints(string json, string? wrong)
    {
        using var document = RequestDocument.Parse(System.Text.Encoding.UTF8.GetBytes(json));

        if (wrong is null)
        {
            Assert.Equal(["a\nb", ""], SluiceOperations.CreateRestoreTask.ReadInput(document.RootElement).Paths);
            return;
        }

        var fault = Assert.Throws<FrameworkFault>(() => SluiceOperations.CreateRestoreTask.ReadInput(document.RootElement));
        Assert.Contains($"'{wrong}'", fault.Message, StringComparison.Ordinal);
    }
}
