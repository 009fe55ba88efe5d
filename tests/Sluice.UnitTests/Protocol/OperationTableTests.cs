using Sluice.Core.Faults;
using Sluice.Protocol.Faults;
using Sluice.Protocol.Operations;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed class OperationTableTests
{
    [Fact]
    public void Every_operation_of_the_model_is_listed()
    {
        Assert.Equal(48, OperationTable.All.Count);
        Assert.Equal(
            ServiceModel.Operations.EnumerateObject().Select(operation => operation.Name).Order(StringComparer.Ordinal),
            OperationTable.All.Select(row => row.Name));
    }

    [Fact]
    public void The_declared_errors_are_the_models()
    {
        foreach (var row in OperationTable.All)
        {
            var errors = ServiceModel.Operations.GetProperty(row.Name).GetProperty("errors").EnumerateArray();
            Assert.Equal(errors.Select(error => error.GetProperty("shape").GetString()), row.Errors);
        }
    }

    [Fact]
    public void Fourteen_operations_are_in_scope()
    {
        var inScope = OperationTable.All.Where(row => row.IsInScope).ToList();

        Assert.Equal(14, inScope.Count);
        Assert.All(inScope, row => Assert.Equal(row.InputName, row.Input!.Name));
    }

    [Fact]
    public void A_target_names_its_operation() =>
        Assert.Equal("CancelDataRepositoryTask", OperationTable.FromTarget("AWSSimbaAPIService_v20180301.CancelDataRepositoryTask").Name);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("CancelDataRepositoryTask")]
    [InlineData("AWSSimbaAPIService_v20180301.")]
    [InlineData("AWSSimbaAPIService_v20180301.cancelDataRepositoryTask")]
    [InlineData("DynamoDB_20120810.CancelDataRepositoryTask")]
    public void Any_other_target_is_an_unknown_operation(string? target)
    {
        var fault = Assert.Throws<FrameworkFault>(() => OperationTable.FromTarget(target));

        Assert.Equal("UnknownOperationException", fault.Code);
    }

    [Theory]
    [InlineData("CreateDataRepositoryTask", "UnsupportedOperation", true)]
    [InlineData("CreateVolume", "UnsupportedOperation", true)]
    [InlineData("DescribeVolumes", "UnsupportedOperation", false)]
    public void An_operation_out_of_scope_answers_with_an_error_it_declares(string name, string code, bool isDeclared)
    {
        var row = OperationTable.Find(name)!;

        Assert.Equal(isDeclared, row.Errors.Contains(code));
        Assert.Equal(isDeclared ? FaultCode.UnsupportedOperation : FaultCode.BadRequest, row.NotOffered().Code);
    }
}
