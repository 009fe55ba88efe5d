using System.Text;
using System.Text.Json;
using Sluice.Protocol.Constraints;
using Sluice.Protocol.Faults;
using Sluice.Protocol.Operations;
using Sluice.Protocol.Shapes;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed class RequestValidatorTests
{
    private const string Valid = """{"Type":"EXPORT_TO_REPOSITORY","FileSystemId":"fs-0123456789abcdef0","Report":{"Enabled":false}}""";

    [Fact]
    public void A_valid_request_is_read()
    {
        var request = Read(Valid);

        Assert.Equal("EXPORT_TO_REPOSITORY", request.Type);
        Assert.False(request.Report!.Enabled);
        Assert.Null(request.Paths);
    }

    [Fact]
    public void Unknown_members_are_ignored() =>
        Assert.Equal("fs-0123456789abcdef0", Read(Valid.Replace("}}", "},\"Extra\":{\"a\":[1]},\"type\":5}", StringComparison.Ordinal)).FileSystemId);

    [Fact]
    public void Null_is_an_absent_member() => Assert.Null(Read(With("\"Paths\":null,\"ReleaseConfiguration\":null")).Paths);

    [Fact]
    public void One_violation_is_told_in_the_singular() =>
        Refuses(
            FsxOperations.CancelDataRepositoryTask,
            "{}",
            "1 validation error detected: Value null at 'taskId' failed to satisfy constraint: Member must not be null");

    [Fact]
    public void All_violations_are_told_together() =>
        Refuses(
            FsxOperations.CreateDataRepositoryTask,
            """{"Type":"EXPORT","FileSystemId":"x","Report":{}}""",
            "4 validation errors detected: "
            + "Value 'EXPORT' at 'type' failed to satisfy constraint: Member must satisfy enum value set: "
            + "[EXPORT_TO_REPOSITORY, IMPORT_METADATA_FROM_REPOSITORY, RELEASE_DATA_FROM_FILESYSTEM, AUTO_RELEASE_DATA]; "
            + "Value 'x' at 'fileSystemId' failed to satisfy constraint: Member must have length greater than or equal to 11; "
            + "Value 'x' at 'fileSystemId' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(fs-[0-9a-f]{8,})$; "
            + "Value null at 'report.enabled' failed to satisfy constraint: Member must not be null");

    [Theory]
    [InlineData("\"Tags\":[{\"Key\":\"a\",\"Value\":\"\"},{\"Key\":\"\",\"Value\":\"\"}]", "tags.2.member.key", "''", "Member must have length greater than or equal to 1")]
    [InlineData("\"Tags\":[]", "tags", "'[]'", "Member must have length greater than or equal to 1")]
    [InlineData("\"Tags\":[null]", "tags.1.member", "null", "Member must not be null")]
    [InlineData("\"Paths\":[\"ok\",\"a\\nb\"]", "paths.2.member", "'a\nb'", "Member must satisfy regular expression pattern: ^[^\\u0000\\u0085\\u2028\\u2029\\r\\n]{0,4096}$")]
    [InlineData("\"CapacityToRelease\":0", "capacityToRelease", "'0'", "Member must have value greater than or equal to 1")]
    [InlineData("\"CapacityToRelease\":2147483648", "capacityToRelease", "'2147483648'", "Member must have value less than or equal to 2147483647")]
    [InlineData("\"CapacityToRelease\":1e400", "capacityToRelease", "'1e400'", "Member must have value less than or equal to 2147483647")]
    [InlineData("\"CapacityToRelease\":-1e400", "capacityToRelease", "'-1e400'", "Member must have value greater than or equal to 1")]
    [InlineData("\"CapacityToRelease\":0.9", "capacityToRelease", "'0.9'", "Member must have value greater than or equal to 1")]
    [InlineData(
        "\"ReleaseConfiguration\":{\"DurationSinceLastAccess\":{\"Unit\":\"HOURS\"}}",
        "releaseConfiguration.durationSinceLastAccess.unit", "'HOURS'", "Member must satisfy enum value set: [DAYS]")]
    [InlineData(
        "\"ReleaseConfiguration\":{\"DurationSinceLastAccess\":{\"Value\":1e30}}",
        "releaseConfiguration.durationSinceLastAccess.value", "'1e30'", "Member must have value less than or equal to 9223372036854775807")]
    public void A_violation_names_path_value_and_rule(string member, string path, string value, string rule)
    {
        using var request = JsonDocument.Parse(With(member));

        Assert.Equal([new Violation(path, value, rule)], RequestValidator.FindViolations(FsxOperations.CreateDataRepositoryTask.Info.Input!, request.RootElement));
    }

    [Fact]
    public void At_most_ten_violations_are_told()
    {
        using var request = JsonDocument.Parse(With($"\"Paths\":[{string.Join(',', Enumerable.Repeat("\"\\n\"", 200))}]"));

        var violations = RequestValidator.FindViolations(FsxOperations.CreateDataRepositoryTask.Info.Input!, request.RootElement);

        Assert.Equal(10, violations.Count);
        Assert.Equal("Member must have length less than or equal to 100", violations[0].Rule);
        Assert.Equal("paths.9.member", violations[9].Path);
    }

    [Fact]
    public void A_long_value_is_cut_in_the_message()
    {
        using var request = JsonDocument.Parse($$"""{"TaskId":"{{new string('x', 100_000)}}"}""");

        var violation = Assert.Single(RequestValidator.FindViolations(FsxOperations.CancelDataRepositoryTask.Info.Input!, request.RootElement));

        Assert.Equal($"'{new string('x', 61)}...'", violation.Value);
        Assert.Equal("Member must have length less than or equal to 128", violation.Rule);
    }

    [Fact]
    public void Lengths_are_counted_in_characters()
    {
        Assert.Equal(4096, Read(With($"\"Paths\":[\"{string.Concat(Enumerable.Repeat("😀", 4096))}\"]")).Paths![0].Length / 2);

        using var request = JsonDocument.Parse(With($"\"Paths\":[\"{string.Concat(Enumerable.Repeat("😀", 4097))}\"]"));
        var violation = Assert.Single(RequestValidator.FindViolations(FsxOperations.CreateDataRepositoryTask.Info.Input!, request.RootElement));
        Assert.Equal("Member must have length less than or equal to 4096", violation.Rule);
    }

    [Fact]
    public void Fractions_are_floored()
    {
        Assert.Equal(2, Read(With("\"CapacityToRelease\":2.999")).CapacityToRelease);
        Assert.Equal(30, Read(With("\"CapacityToRelease\":3.0e1")).CapacityToRelease);
    }

    [Theory]
    [InlineData("""{"TaskId":1}""", "class java.lang.Short can not be converted to an String")]
    [InlineData("""{"TaskId":100000}""", "class java.lang.Integer can not be converted to an String")]
    [InlineData("""{"TaskId":10000000000}""", "class java.lang.Long can not be converted to an String")]
    [InlineData("""{"TaskId":1.5}""", "class java.lang.Double can not be converted to an String")]
    [InlineData("""{"TaskId":true}""", "class java.lang.Boolean can not be converted to an String")]
    [InlineData("""{"TaskId":["task-0123456789abcdef0"]}""", "Start of list found where not expected")]
    [InlineData("""{"TaskId":{}}""", "Start of structure or map found where not expected.")]
    public void A_wrong_type_for_a_text_is_a_serialization_fault(string body, string message) =>
        RefusesType(FsxOperations.CancelDataRepositoryTask, body, message);

    [Theory]
    [InlineData("\"Paths\":\"/a\"", "Expected list or null")]
    [InlineData("\"Paths\":{\"a\":1}", "Start of structure or map found where not expected.")]
    [InlineData("\"Paths\":[1]", "class java.lang.Short can not be converted to an String")]
    [InlineData("\"ReleaseConfiguration\":\"x\"", "Expected null")]
    [InlineData("\"ReleaseConfiguration\":[]", "Start of list found where not expected")]
    [InlineData("\"CapacityToRelease\":\"5\"", "class java.lang.String can not be converted to an Long")]
    [InlineData("\"CapacityToRelease\":false", "class java.lang.Boolean can not be converted to an Long")]
    [InlineData("\"Report\":{\"Enabled\":\"true\"}", "class java.lang.String can not be converted to an Boolean")]
    [InlineData("\"Report\":{\"Enabled\":1}", "class java.lang.Short can not be converted to an Boolean")]
    public void A_wrong_type_is_a_serialization_fault(string member, string message) =>
        RefusesType(FsxOperations.CreateDataRepositoryTask, $$"""{"Type":"x",{{member}}}""", message);

    [Fact]
    public void Blocks_of_other_file_system_types_are_ignored()
    {
        using var document = RequestDocument.Parse(
            """{"FileSystemType":"LUSTRE","SubnetIds":["subnet-01234567"],"WindowsConfiguration":{"ThroughputCapacity":"x"},"OntapConfiguration":5}"""u8.ToArray());

        Assert.Equal("LUSTRE", FsxOperations.CreateFileSystem.ReadInput(document.RootElement).FileSystemType);
    }

    private static string With(string member) => $"{Valid[..^1]},{member}}}";

    private static CreateDataRepositoryTaskRequest Read(string body)
    {
        using var document = RequestDocument.Parse(Encoding.UTF8.GetBytes(body));
        return FsxOperations.CreateDataRepositoryTask.ReadInput(document.RootElement);
    }

    private static void Refuses<TIn, TOut>(FsxOperation<TIn, TOut> operation, string body, string message)
        where TIn : class
        where TOut : class
    {
        using var document = RequestDocument.Parse(Encoding.UTF8.GetBytes(body));
        var fault = Assert.Throws<FrameworkFault>(() => operation.ReadInput(document.RootElement));
        Assert.Equal(("BadRequest", 400, message), (fault.Code, fault.Status, fault.Message));
    }

    private static void RefusesType<TIn, TOut>(FsxOperation<TIn, TOut> operation, string body, string message)
        where TIn : class
        where TOut : class
    {
        using var document = RequestDocument.Parse(Encoding.UTF8.GetBytes(body));
        var fault = Assert.Throws<FrameworkFault>(() => operation.ReadInput(document.RootElement));
        Assert.Equal(("SerializationException", 400, message), (fault.Code, fault.Status, fault.Message));
    }
}
