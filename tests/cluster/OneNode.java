import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;

/** Runs one node of a cluster from the modules on the class path. If an owner is named, the node ends with that process. */
public class OneNode extends Node {
  OneNode(Environment environment) {
    super(
        environment,
        List.of(
            org.opensearch.transport.Netty4Plugin.class,
            org.opensearch.analysis.common.CommonAnalysisPlugin.class,
            org.opensearch.index.mapper.MapperExtrasPlugin.class,
            org.opensearch.index.reindex.ReindexPlugin.class,
            org.opensearch.painless.PainlessPlugin.class),
        true);
  }

  public static void main(String[] arguments) throws Exception {
    Path home = Path.of(arguments[0]);
    String owner = arguments.length > 1 ? arguments[1] : "";
    Settings settings = Settings.builder().put("path.home", home.toString()).build();
    Environment environment =
        InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), home.resolve("config"), () -> "node");
    LogConfigurator.setNodeName(Node.NODE_NAME_SETTING.get(environment.settings()));
    LogConfigurator.registerErrorListener();
    LogConfigurator.configure(environment);
    Node node = new OneNode(environment);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(node)));
    node.start();
    if (owner.isEmpty()) {
      Thread.currentThread().join();
    }
    ProcessHandle.of(Long.parseLong(owner)).ifPresent(process -> process.onExit().join());
    System.exit(0);
  }

  private static void end(Node node) {
    try {
      node.close();
    } catch (Exception error) {
      error.printStackTrace();
    }
  }
}
