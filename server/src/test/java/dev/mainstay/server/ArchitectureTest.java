package dev.mainstay.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls of ARCHITECTURE.md. */
@ArchTag("once") // needs no database
@AnalyzeClasses(packages = "dev.mainstay", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.mainstay.server.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule librariesHaveNoCycles =
      slices().matching("dev.mainstay.(queue|agent)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule librariesKnowNothingOfTheServer =
      noClasses()
          .that()
          .resideInAnyPackage("dev.mainstay.queue..", "dev.mainstay.agent..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.mainstay.server..", "io.javalin..", "org.jooq..");

  @ArchTest
  static final ArchRule queueAndAgentDoNotKnowEachOther =
      noClasses()
          .that()
          .resideInAPackage("dev.mainstay.queue..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.mainstay.agent..");

  @ArchTest
  static final ArchRule agentHasNoSql =
      noClasses()
          .that()
          .resideInAPackage("dev.mainstay.agent..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "dev.mainstay.queue..");

  @ArchTest
  static final ArchRule platformUsesNoCapability =
      noClasses()
          .that()
          .resideInAPackage("dev.mainstay.server.platform..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.mainstay.server.task..",
              "dev.mainstay.server.queue..",
              "dev.mainstay.server.event..",
              "dev.mainstay.server.identity..",
              "dev.mainstay.server.organization..",
              "dev.mainstay.server.admin..",
              "dev.mainstay.server.cli..");

  /** Others start threads for one piece of work each, whose end somebody waits for or sees. */
  @ArchTest
  static final ArchRule partsRunOnThreadsThatDoNotDieInSilence =
      noClasses()
          .that()
          .resideInAPackage("dev.mainstay.server..")
          .and()
          .resideOutsideOfPackage("dev.mainstay.server.cli..")
          .and()
          .haveNameNotMatching(
              ".*\\.(PartThread|GroupCommitWriter|Uninterrupted|StorageHealth|SocketConnection"
                  + "|Mainstay|PasswordHasher|BulkActionRunner)(\\$.*)?")
          .should()
          .callMethod(Thread.class, "ofVirtual")
          .orShould()
          .callMethod(Thread.class, "ofPlatform")
          .orShould()
          .callMethod(Thread.class, "startVirtualThread", Runnable.class)
          .because("a part that dies ends the process (decision 0022), which PartThread sees to");

  /**
   * SQL lives in stores, and in the two places that make transactions and keep idempotent answers.
   */
  @ArchTest
  static final ArchRule tablesAreReachedThroughStores =
      noClasses()
          .that()
          .haveSimpleNameNotEndingWith("Store")
          .and()
          .haveSimpleNameNotEndingWith("Statements")
          .and()
          .haveSimpleNameNotContaining("Idempotency")
          .and()
          .resideOutsideOfPackage("dev.mainstay.server.schema..")
          .should()
          .dependOnClassesThat(generatedTables());

  @ArchTest
  static final ArchRule storesStayInTheirPackage =
      classes()
          .that()
          .resideInAPackage("dev.mainstay.server..")
          .and()
          .haveSimpleNameEndingWith("Store")
          .should()
          .bePackagePrivate();

  private static DescribedPredicate<JavaClass> generatedTables() {
    return DescribedPredicate.describe(
        "generated tables",
        type ->
            type.getPackageName().equals("dev.mainstay.server.schema")
                || type.getPackageName().equals("dev.mainstay.server.schema.tables"));
  }
}
