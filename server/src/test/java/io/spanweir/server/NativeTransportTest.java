package io.spanweir.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.spanweir.net.EventLoops;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The program carries the native library that its I/O threads want. */
class NativeTransportTest {
    @Test
    @EnabledOnOs(
            value = OS.LINUX,
            architectures = {"amd64", "aarch64"})
    void programServesByEpollOnLinux() {
        assertThat(EventLoops.serverChannel()).isEqualTo(EpollServerSocketChannel.class);
        assertThat(EventLoops.clientChannel()).isEqualTo(EpollSocketChannel.class);
        EventLoopGroup threads = EventLoops.create("native-test", 1);
        try {
            assertThat(threads.next())
                    .satisfies(loop -> assertThat(((io.netty.channel.IoEventLoop) loop).isIoType(EpollIoHandler.class))
                            .as("handled by epoll")
                            .isTrue());
        } finally {
            threads.shutdownGracefully();
        }
    }
}
